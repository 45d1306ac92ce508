import { parseCookie, stringifySetCookie } from 'cookie'

export interface CookieSettings {
  readonly name: string
  readonly secure: boolean
}

/** `__Host-` binds the cookie to exactly this host over https; browsers refuse the prefix on plain http. */
export function cookieSettings(publicUrl: string | undefined): CookieSettings {
  const secure = publicUrl?.startsWith('https://') === true
  return { name: secure ? '__Host-postern' : 'postern', secure }
}

export function readCookie(header: string, name: string): string | undefined {
  return parseCookie(header)[name]
}

/** The `Set-Cookie` line for a value that is opaque, or with no value and age 0 for taking the cookie away. */
export function cookieLine(value: string, maxAge: number, settings: CookieSettings): string {
  const { name, secure } = settings
  return stringifySetCookie({ name, value, maxAge, path: '/', httpOnly: true, secure, sameSite: 'lax' })
}
