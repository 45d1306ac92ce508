import { parseCookie, stringifySetCookie } from 'cookie'

/**
 * The one cookie: an opaque session key and, after a dot, an opaque device key by which a browser is known again after
 * signing out. Never anything that could be read.
 */
export interface CookieParts {
  readonly session: string
  readonly device: string
}

export interface CookieSettings {
  readonly name: string
  readonly secure: boolean
}

/** `__Host-` binds the cookie to exactly this host over https; browsers refuse the prefix on plain http. */
export function cookieSettings(publicUrl: string | undefined): CookieSettings {
  const secure = publicUrl?.startsWith('https://') === true
  return { name: secure ? '__Host-postern' : 'postern', secure }
}

/** The session key of a Cookie header; a cookie that only names the device is no credential. */
export function readCookie(header: string, name: string): string | undefined {
  const session = partsOf(header, name).session
  return session === '' ? undefined : session
}

export function readDevice(header: string | undefined, name: string): string | undefined {
  const device = header === undefined ? '' : partsOf(header, name).device
  return device === '' ? undefined : device
}

/** The `Set-Cookie` line. An empty session signs out and keeps the device. */
export function cookieLine(parts: CookieParts, maxAge: number, settings: CookieSettings): string {
  return stringifySetCookie({
    name: settings.name,
    value: `${parts.session}.${parts.device}`,
    maxAge,
    path: '/',
    httpOnly: true,
    secure: settings.secure,
    sameSite: 'lax',
  })
}

function partsOf(header: string, name: string): CookieParts {
  const [session = '', device = ''] = (parseCookie(header)[name] ?? '').split('.')
  return { session, device }
}
