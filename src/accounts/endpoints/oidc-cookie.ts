import { parseCookie, stringifySetCookie } from 'cookie'
import type { Call } from '../../endpoint/call.ts'
import type { Room } from '../room.ts'

/** What ties a journey to a provider and back to one browser. It has to come along from another site, hence `Lax`. */
export function keepState(room: Room, call: Call, state: string): void {
  const { secure } = room.settings.cookie
  const line = stringifySetCookie({
    name: nameOf(room),
    value: state,
    maxAge: 600,
    path: '/',
    httpOnly: true,
    secure,
    sameSite: 'lax',
  })
  call.reply.header('set-cookie', line)
}

export function readState(room: Room, call: Call): string | undefined {
  return parseCookie(call.headers['cookie'] ?? '')[nameOf(room)]
}

function nameOf(room: Room): string {
  return `${room.settings.cookie.name}-journey`
}
