import type { Call } from '../../endpoint/call.ts'
import { EmptyAnswer } from '../../endpoint/envelope.ts'
import { audit } from '../audit.ts'
import type { Room } from '../room.ts'
import { openSession } from '../sessions.ts'
import { badLogin, type Credentials } from '../sign-in.ts'
import { visitorOf } from './people-endpoint.ts'
import { keysAnswer } from './session-answer.ts'

interface Entering {
  readonly user: Credentials
  /** How they showed who they are, for the audit log. */
  readonly detail: Readonly<Record<string, unknown>>
  /** A path of this site. */
  readonly returnTo: string
}

/** Opens a session for a browser that comes back from elsewhere, and sends it on to where it wanted to go. */
export async function enterByCookie(
  room: Room,
  call: Call,
  { user, detail, returnTo }: Entering,
): Promise<EmptyAnswer> {
  const opened = await openSession(room, user, { ...visitorOf(call), kind: 'cookie' })
  if (opened === undefined) throw badLogin()
  await audit(room, { event: 'sign-in', user: user.id, address: call.address, request: call.id, detail })
  keysAnswer(room, call, opened.keys)
  call.reply.header('location', returnTo)
  return new EmptyAnswer(303)
}
