import { z } from 'zod'
import { must } from '../errors/must.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Row, SelectPlan, Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { audit } from './audit.ts'
import { isoTime } from './duration.ts'
import type { Familiarity } from './limits.ts'
import { change, nowText, type Room } from './room.ts'
import { digest, kindOfSecret, newSecret } from './secret.ts'

export type SessionKind = 'bearer' | 'cookie'

/** From where a session is opened or used. */
export interface Visitor {
  readonly address: string
  readonly agent: string
  /** What this device or browser was given at an earlier sign-in. */
  readonly device?: string | undefined
  /** The request's id. */
  readonly request?: string | undefined
}

/** What a new session hands out, once. A cookie session has one key, a bearer session two. */
export interface OpenedSession {
  readonly id: number
  readonly device: string
  readonly keys: SessionKeys
}

export type SessionKeys = { readonly cookie: string } | { readonly access: string; readonly refresh: string }

/** Whom a session is opened for, as they were when they showed who they are. */
export interface Shown {
  readonly id: number
  readonly password: string | null
  readonly totp: string | null
}

/**
 * `undefined` where the user is out of use or has another password or factor by now: what changed these has ended all
 * sessions, and none may come after it that was judged by what was before.
 */
export async function openSession(
  room: Room,
  user: Shown,
  visit: Visitor & { readonly kind: SessionKind },
): Promise<OpenedSession | undefined> {
  const device =
    visit.device !== undefined && kindOfSecret(visit.device) === 'device' ? visit.device : newSecret('device')
  const now = nowText(room)
  const expires = inSeconds(room, room.settings.refresh)
  const { address, agent, kind } = visit
  const values = {
    user_id: user.id,
    kind,
    device: digest(device),
    address,
    agent: agent.slice(0, 200),
    created: now,
    last_used: now,
    expires,
  }
  return room.store.write.transaction(async (transaction) => {
    if ((await transaction.first(stillAsShown(user))) === undefined) return undefined
    const { rows } = await transaction.run({
      insert: 'account_sessions',
      values: { ...values, ended: null },
      returning: ['id'],
    })
    const id = Number(must(rows[0], 'an insert returns its row')['id'])
    return { id, device, keys: await newKeys(room, { id, kind, expires }, transaction) }
  })
}

/**
 * New keys for a refresh key, which is used up by it. A used one that comes again was stolen from somebody, or by
 * somebody: the session ends. Only the moments in which a client's own parallel requests still arrive are forgiven.
 */
export async function refreshSession(
  room: Room,
  refresh: string,
): Promise<{ readonly user: number; readonly keys: SessionKeys }> {
  if (kindOfSecret(refresh) !== 'refresh') throw refused()
  const key = digest(refresh)
  const outcome = await room.store.write.transaction(async (transaction) => {
    const found = await transaction.first(sessionOfKey(key))
    if (found === undefined || !isAlive(found, nowText(room))) return undefined
    if (found['used'] !== null) return { reusedIn: Number(found['id']), isLate: isLate(room, found['used']) }
    const now = nowText(room)
    await transaction.run({
      update: 'account_session_keys',
      set: { used: now },
      where: { column: 'digest', is: 'eq', value: key },
    })
    const id = Number(found['id'])
    const expires = inSeconds(room, room.settings.refresh)
    await transaction.run({ update: 'account_sessions', set: { last_used: now, expires }, where: isId(id) })
    const keys = await newKeys(room, { id, kind: 'bearer', expires }, transaction)
    return { user: Number(found['user_id']), keys }
  })
  if (outcome === undefined) throw refused()
  if (!('reusedIn' in outcome)) return outcome
  if (outcome.isLate) {
    await endSession(room, outcome.reusedIn)
    await audit(room, { event: 'session.reuse', detail: { session: outcome.reusedIn } })
  }
  throw refused()
}

/** Ends one session now. Nothing happens where it has ended already. */
export async function endSession(room: Room, id: number): Promise<void> {
  const digests = await change(room, (transaction) => endWhere(room, isId(id), transaction))
  room.cache.forget(digests)
}

/** Ends all of a user's sessions, or all but one. Within a transaction its owner forgets the user afterwards. */
export async function endSessions(
  room: Room,
  whose: { readonly user: number; readonly except?: number | undefined },
  within?: Transaction,
): Promise<void> {
  const ofUser: Predicate = { column: 'user_id', is: 'eq', value: whose.user }
  const where: Predicate = whose.except === undefined ? ofUser : { all: [ofUser, { not: isId(whose.except) }] }
  if (within) {
    await endWhere(room, where, within)
    return
  }
  room.cache.forget(await change(room, (transaction) => endWhere(room, where, transaction)))
}

export type Session = Readonly<z.output<typeof sessionShape>>

export const sessionShape = z.object({
  id: z.number(),
  kind: z.enum(['bearer', 'cookie']),
  address: z.string(),
  agent: z.string(),
  created: z.string(),
  last_used: z.string(),
  expires: z.string(),
})

/** The user's sessions that are still good, the newest first. */
export async function listSessions(room: Room, user: number): Promise<Session[]> {
  const rows = await room.store.read.rows({
    from: 'account_sessions',
    select: ['id', 'kind', 'address', 'agent', 'created', 'last_used', 'expires'],
    where: { all: [{ column: 'user_id', is: 'eq', value: user }, stillOpen(nowText(room))] },
    order: [{ column: 'id', descending: true }],
    limit: 200,
  })
  return rows.map((row) => sessionShape.parse(row))
}

/** Whether this user has signed in with this device, or from here, within the life of a session. */
export async function familiarity(room: Room, user: number, visitor: Visitor): Promise<Familiarity> {
  const device = visitor.device === undefined ? undefined : digest(visitor.device)
  const hasOne = (where: Predicate): Promise<boolean> => hasSession(room, user, where)
  if (device !== undefined && (await hasOne({ column: 'device', is: 'eq', value: device }))) return { device }
  return (await hasOne({ column: 'address', is: 'eq', value: visitor.address })) ? 'address' : undefined
}

async function hasSession(room: Room, user: number, where: Predicate): Promise<boolean> {
  const ofUser: Predicate = { column: 'user_id', is: 'eq', value: user }
  const current: Predicate = { column: 'expires', is: 'gt', value: nowText(room) }
  const all = [ofUser, current, where]
  return (
    (await room.store.read.first({ from: 'account_sessions', select: ['id'], where: { all }, limit: 1 })) !== undefined
  )
}

async function newKeys(
  room: Room,
  session: { readonly id: number; readonly kind: SessionKind; readonly expires: string },
  transaction: Transaction,
): Promise<SessionKeys> {
  const { id, kind, expires } = session
  const row = (secret: string, of: string, until: string): Row => ({
    digest: digest(secret),
    session_id: id,
    kind: of,
    expires: until,
    used: null,
  })
  if (kind === 'cookie') {
    const cookie = newSecret('cookie')
    await transaction.run({ insert: 'account_session_keys', values: row(cookie, 'cookie', expires) })
    return { cookie }
  }
  const access = newSecret('access')
  const refresh = newSecret('refresh')
  const values = [row(access, 'access', inSeconds(room, room.settings.access)), row(refresh, 'refresh', expires)]
  await transaction.run({ insert: 'account_session_keys', values })
  return { access, refresh }
}

async function endWhere(room: Room, where: Predicate, transaction: Transaction): Promise<string[]> {
  const open: Predicate = { all: [where, { column: 'ended', is: 'eq', value: null }] }
  const ended = await transaction.run({
    update: 'account_sessions',
    set: { ended: nowText(room) },
    where: open,
    returning: ['id'],
  })
  const ids = ended.rows.map((row) => Number(row['id']))
  const keys = await transaction.run({
    delete: 'account_session_keys',
    where: { column: 'session_id', in: ids },
    returning: ['digest'],
  })
  return keys.rows.map((row) => String(row['digest']))
}

function stillAsShown({ id, password, totp }: Shown): SelectPlan {
  const where: Predicate = {
    all: [
      isId(id),
      { column: 'active', is: 'eq', value: true },
      { column: 'password', is: 'eq', value: password },
      { column: 'totp', is: 'eq', value: totp },
    ],
  }
  return { from: 'account_users', select: ['id'], where, lock: true }
}

function sessionOfKey(key: string) {
  return {
    from: 'account_session_keys',
    as: 'k',
    joins: [{ table: 'account_sessions', as: 's', on: { column: 's.id', is: 'eq', other: 'k.session_id' } }],
    select: ['s.id', 's.user_id', 's.expires', 's.ended', 'k.used'],
    where: { column: 'k.digest', is: 'eq', value: key },
    lock: true,
  } as const
}

function isAlive(session: Row, now: string): boolean {
  return session['ended'] === null && String(session['expires']) > now
}

function isLate(room: Room, used: unknown): boolean {
  return Date.parse(String(used)) + parallelRequests < room.settings.now()
}

const parallelRequests = 5_000

function stillOpen(now: string): Predicate {
  return {
    all: [
      { column: 'ended', is: 'eq', value: null },
      { column: 'expires', is: 'gt', value: now },
    ],
  }
}

function isId(id: number): Predicate {
  return { column: 'id', is: 'eq', value: id }
}

function inSeconds(room: Room, count: number): string {
  return isoTime(room.settings.now() + count * 1_000)
}

function refused(): PosternError {
  return new PosternError('BAD_CREDENTIAL', 'The refresh token is unknown, used or expired: sign in again.')
}
