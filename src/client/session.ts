/** What signing in gave. Times are milliseconds since 1970. */
export interface Session {
  readonly accessToken: string
  readonly refreshToken?: string
  readonly expires?: number
}

/** Where a session lives between two page loads; the default is memory, which forgets. */
export interface SessionStore {
  readonly get: () => Session | undefined
  readonly set: (session: Session | undefined) => void
}

export function memoryStore(): SessionStore {
  let kept: Session | undefined
  return { get: () => kept, set: (session) => void (kept = session) }
}

/** Of a signing-in answer, in its envelope or without; `undefined` where it holds no session. */
export function readSession(answer: unknown): Session | undefined {
  const data = field(answer, 'data') ?? answer
  const accessToken = field(data, 'access_token')
  const refreshToken = field(data, 'refresh_token')
  const seconds = field(data, 'expires_in')
  if (typeof accessToken !== 'string') return undefined
  return {
    accessToken,
    ...(typeof refreshToken === 'string' ? { refreshToken } : {}),
    ...(typeof seconds === 'number' ? { expires: Date.now() + seconds * 1000 } : {}),
  }
}

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
