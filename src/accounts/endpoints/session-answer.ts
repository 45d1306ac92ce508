import { z } from 'zod'
import type { Call } from '../../endpoint/call.ts'
import { cookieLine } from '../cookie.ts'
import type { Room } from '../room.ts'
import type { OpenedSession, SessionKeys } from '../sessions.ts'

/** A cookie session has no keys to tell; a renewed one no device. */
export const sessionKeys = z.object({
  access_token: z.string().optional(),
  token_type: z.literal('Bearer').optional(),
  expires_in: z.number(),
  refresh_token: z.string().optional(),
  device: z.string().optional(),
})

/** What a new session's owner is told, once. A browser's key goes into its cookie and nowhere else. */
export function sessionAnswer(
  room: Room,
  call: Call,
  opened: Pick<OpenedSession, 'device' | 'keys'>,
): Record<string, unknown> {
  return { ...keysAnswer(room, call, opened.keys), device: opened.device }
}

export function keysAnswer(room: Room, call: Call, keys: SessionKeys): Record<string, unknown> {
  call.reply.header('cache-control', 'no-store')
  const { access, refresh, cookie } = room.settings
  if ('cookie' in keys) {
    call.reply.header('set-cookie', cookieLine(keys.cookie, refresh, cookie))
    return { expires_in: refresh }
  }
  return { access_token: keys.access, token_type: 'Bearer', expires_in: access, refresh_token: keys.refresh }
}

/** Takes the cookie away where the session that just ended was a browser's. */
export function dropCookie(room: Room, call: Call): void {
  const { caller } = call
  if (caller.kind === 'user' && caller.via === 'cookie')
    call.reply.header('set-cookie', cookieLine('', 0, room.settings.cookie))
}
