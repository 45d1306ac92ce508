import { ApiError } from './api-error.ts'
import type { Options, Parts } from './request.ts'
import { readSession, type Session, type SessionStore } from './session.ts'

export interface SessionKeeper {
  /** The session, refreshed where it is known to have expired. */
  readonly fresh: () => Promise<Session | undefined>
  /** The session after the one that the server no longer takes; `undefined` where it is over. */
  readonly renewed: (refused: Session) => Promise<Session | undefined>
  /** `code` is of the second factor, for whom it is switched on. */
  readonly signIn: (username: string, password: string, code?: string) => Promise<void>
  readonly signOut: (where?: 'here' | 'everywhere') => Promise<void>
  readonly isSignedIn: () => boolean
}

type Request = (name: string, given: Parts & Options, credential: string | undefined) => Promise<unknown>

const signInName = 'POST /api/auth'

/** One refresh at a time, for all calls that wait for it: a refresh token that is used twice ends the whole session. */
export function keepSession(store: SessionStore, request: Request): SessionKeeper {
  let renewing: Promise<Session | undefined> | undefined

  function renewed(refused: Session): Promise<Session | undefined> {
    const now = store.get()
    if (!refused.refreshToken || now?.accessToken !== refused.accessToken) {
      return Promise.resolve(now?.accessToken === refused.accessToken ? undefined : now)
    }
    renewing ??= renew(refused.refreshToken).finally(() => (renewing = undefined))
    return renewing
  }

  async function renew(refreshToken: string): Promise<Session | undefined> {
    const body = { grant_type: 'refresh_token', refresh_token: refreshToken }
    try {
      store.set(readSession(await request(signInName, { body }, undefined)))
    } catch (thrown) {
      // Only a refusal ends the session; a server that is away does not.
      if (!(thrown instanceof ApiError) || ![400, 401].includes(thrown.status)) throw thrown
      store.set(undefined)
    }
    return store.get()
  }

  async function fresh(): Promise<Session | undefined> {
    const session = store.get()
    const isOver = session?.expires !== undefined && session.expires <= Date.now()
    return session && isOver && session.refreshToken ? renewed(session) : session
  }

  async function signIn(username: string, password: string, code?: string): Promise<void> {
    // Without a second factor there is no code, and then none is sent: JSON leaves it out.
    const body = { grant_type: 'password', username, password, code }
    const session = readSession(await request(signInName, { body }, undefined))
    if (!session) throw new ApiError({ detail: 'The server gave no session.' })
    store.set(session)
  }

  async function signOut(where: 'here' | 'everywhere' = 'here'): Promise<void> {
    try {
      const session = await fresh()
      if (session)
        await request(where === 'here' ? 'DELETE /api/auth' : 'DELETE /api/auth/all', {}, session.accessToken)
    } finally {
      store.set(undefined)
    }
  }

  return { fresh, renewed, signIn, signOut, isSignedIn: () => store.get() !== undefined }
}
