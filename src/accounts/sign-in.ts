import { z } from 'zod'
import { must } from '../errors/must.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Predicate } from '../store/predicate.ts'
import { audit } from './audit.ts'
import { identityKey } from './identity.ts'
import { recoveredLetter } from './letters.ts'
import { nextTickOfClock } from './next-tick-of-clock.ts'
import { countRecoveryCodes, useRecoveryCode } from './recovery-codes.ts'
import type { Room } from './room.ts'
import { familiarity, openSession, type OpenedSession, type SessionKind, type Visitor } from './sessions.ts'
import { useCode } from './totp.ts'
import { findUser, named } from './users.ts'

export interface SignIn {
  /** A name or an e-mail address. */
  readonly username: string
  readonly password: string
  /** Of the second factor, where the user has one, or one of its recovery codes. */
  readonly code?: string | undefined
}

/** What the house holds against a password: never leaves this room. */
export interface Credentials {
  readonly id: number
  readonly name: string
  readonly password: string | null
  readonly totp: string | null
  readonly active: boolean
}

/** A new session, or BAD_LOGIN, SECOND_FACTOR, TOO_MANY_REQUESTS. */
export async function signIn(
  room: Room,
  shown: SignIn,
  visit: Visitor & { readonly kind: SessionKind },
): Promise<OpenedSession & { readonly user: number }> {
  const judged = await judge(room, shown, visit)
  if (judged === undefined) throw badLogin()
  const { user, giveBack } = judged
  await refuseUnfinished(room, user, { ...visit, code: shown.code })
  await giveBack()
  const session = await openSession(room, user, visit)
  // Somebody changed what it was judged by; a hash that was only made anew will be right once more.
  if (session === undefined) return signIn(room, shown, visit)
  const { address, request, kind } = visit
  await audit(room, { event: 'sign-in', user: user.id, address, request, detail: { kind } })
  return { ...session, user: user.id }
}

/** Whose name and password these are, if they belong together and the account is in use. TOO_MANY_REQUESTS. */
export async function checkPassword(room: Room, shown: SignIn, visitor: Visitor): Promise<Credentials | undefined> {
  const judged = await judge(room, shown, visitor)
  await judged?.giveBack()
  return judged?.user
}

interface Judged {
  readonly user: Credentials
  /** Takes the count of this try back, once nothing more has to be guessed. */
  readonly giveBack: () => Promise<void>
}

/**
 * Every way to `undefined` costs one hash, ends at a full tick of the clock and says the same: no such user, no password, a
 * wrong one, out of use. The try is counted before the hash; a stranger uses up the tries of strangers, not those of places
 * where the user is known.
 */
async function judge(room: Room, shown: SignIn, visitor: Visitor): Promise<Judged | undefined> {
  const user = await findCredentials(room, shown.username)
  const known = await familiarity(room, user?.id ?? 0, visitor)
  const name = identityKey(shown.username)
  const giveBack = await room.limits.signIn({ name, address: visitor.address, known })
  const right = await room.passwords.matches(user?.password ?? null, shown.password)
  if (!right || user === undefined || !user.active) {
    const { address, request } = visitor
    room.auditBuffer.note({ event: 'sign-in.refused', user: user?.id, address, request })
    await nextTickOfClock()
    return undefined
  }
  const { id } = user
  const password = must(user.password, 'what is right was compared with something')
  if (room.passwords.isWeak(password)) {
    room.background.start(() => rehash(room, { id, password }, shown.password))
  }
  return { user, giveBack }
}

export async function findCredentials(room: Room, reference: number | string): Promise<Credentials | undefined> {
  const row = await room.store.read.first({
    from: 'account_users',
    select: ['id', 'name', 'password', 'totp', 'active'],
    where: named(reference),
  })
  return row && credentialsRow.parse(row)
}

export async function hasFactor(room: Room, user: number): Promise<boolean> {
  const found = await findCredentials(room, user)
  return found !== undefined && found.totp !== null
}

/** A session is only opened for one who has shown everything that this user must show: SECOND_FACTOR otherwise. */
export async function refuseUnfinished(
  room: Room,
  user: Credentials,
  shown: Pick<Visitor, 'address' | 'request'> & { readonly code: string | undefined },
): Promise<void> {
  const { code, address, request } = shown
  if (user.totp === null) return
  if (code === undefined) throw unfinished('This account asks for a second factor.')
  if (await useCode(room, { id: user.id, totp: user.totp }, code)) return
  if (!(await useRecoveryCode(room, user.id, code))) throw unfinished('The code is not right, or was used.')
  const left = await countRecoveryCodes(room, user.id)
  await audit(room, { event: 'factor.recovered', user: user.id, address, request, detail: { left } })
  room.background.start(() => tellRecovered(room, user.id, left))
}

/** Whoever found the paper with the codes would come in unseen otherwise. */
async function tellRecovered(room: Room, id: number, left: number): Promise<void> {
  const user = await findUser(room, id)
  if (user === undefined || user.email === null) return
  await room.mail.send(recoveredLetter({ name: user.name, email: user.email }, left))
}

function unfinished(detail: string): PosternError {
  return new PosternError('SECOND_FACTOR', detail)
}

export function badLogin(): PosternError {
  return new PosternError('BAD_LOGIN', 'The name or the password is not right.')
}

const credentialsRow = z.object({
  id: z.number(),
  name: z.string(),
  password: z.string().nullable(),
  totp: z.string().nullable(),
  active: z.boolean(),
})

/** Today's cost, without ending a session as a new password would; and not where it was changed meanwhile. */
async function rehash(
  room: Room,
  user: { readonly id: number; readonly password: string },
  shown: string,
): Promise<void> {
  const hash = await room.passwords.hash(shown)
  const where: Predicate = {
    all: [
      { column: 'id', is: 'eq', value: user.id },
      { column: 'password', is: 'eq', value: user.password },
    ],
  }
  await room.store.write.run({ update: 'account_users', set: { password: hash }, where })
}
