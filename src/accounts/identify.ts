import { z } from 'zod'
import { PosternError } from '../errors/postern-error.ts'
import { anonymous, type Caller, type UserCaller } from '../endpoint/caller.ts'
import type { SelectPlan } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { Known, UserFacts } from './caller-cache.ts'
import { cookieLine } from './cookie.ts'
import { readCredential, type Credential, type CredentialSource } from './credential.ts'
import { refuseForeignOrigin } from './origin.ts'
import type { Room } from './room.ts'
import { digest, kindOfSecret, type SecretKind } from './secret.ts'
import { allowedAddresses, isAllowedFrom } from './tokens.ts'

/** The part of a request by which its caller is known. */
export interface Request extends CredentialSource {
  readonly method: string
  readonly ip: string
}

/**
 * Who is asking. Hot path: a secret seen before costs one SHA-256 and one look into a map and is answered without a
 * promise; only an unknown one asks the database. 400 BAD_CREDENTIAL_MIX, 401 BAD_CREDENTIAL, 403 FOREIGN_ORIGIN.
 */
export function identify(room: Room, request: Request): Caller | Promise<Caller> {
  const credential = readCredential(request, room.settings.credential)
  if (credential === undefined) return anonymous
  const key = digest(credential.secret)
  const known = room.cache.find(key)
  if (known !== undefined) return admit(room, known, { credential, request })
  return identifyUnseen(room, key, { credential, request })
}

/** Guessing is counted against the address: what cannot be a secret of ours costs no query, what can costs one. */
async function identifyUnseen(room: Room, key: string, shown: Shown): Promise<Caller> {
  const kind = kindOfSecret(shown.credential.secret)
  const known = kind && (await readKnown(room, kind, key))
  if (known !== undefined) return admit(room, known, shown)
  await room.limits.badCredential(shown.request.ip)
  throw refused(room, shown.credential)
}

interface Shown {
  readonly credential: Credential
  readonly request: Request
}

function admit(room: Room, known: Known, { credential, request }: Shown): Caller {
  const isCookie = credential.from === 'cookie'
  if (known.isCookie !== isCookie || known.expires <= room.settings.now()) throw refused(room, credential)
  if (known.addresses !== undefined && !isAllowedFrom(known.addresses, request.ip)) throw refused(room, credential)
  if (isCookie) refuseForeignOrigin(room.settings, request)
  if (known.tokenId !== undefined) room.lastUse.note(known.tokenId)
  return known.caller
}

/** Asks the database, and keeps the answer unless something changed meanwhile. */
async function readKnown(room: Room, kind: SecretKind, key: string): Promise<Known | undefined> {
  const epoch = room.cache.epoch()
  const known =
    kind === 'token'
      ? await readToken(room, { column: 'digest', is: 'eq', value: key })
      : await readSession(room, kind, key)
  if (known !== undefined) room.cache.keep(key, known, epoch)
  return known
}

async function readToken(room: Room, where: Predicate): Promise<Known | undefined> {
  const row = await room.store.read.first({
    from: 'account_tokens',
    select: ['id', 'name', 'user_id', 'scopes', 'addresses', 'rate_limit', 'expires'],
    where,
  })
  if (row === undefined) return undefined
  const { id: tokenId, name, user_id: owner, scopes: limits, addresses, rate_limit, expires } = tokenRow.parse(row)
  const scopes = limits === null ? {} : { scopes: Object.freeze(limits) }
  const shared = {
    expires: expires === null ? Infinity : Date.parse(expires),
    isCookie: false,
    tokenId,
    budget: rate_limit ?? undefined,
    addresses: addresses === null ? undefined : allowedAddresses(addresses),
  }
  if (owner === null)
    return { ...shared, caller: Object.freeze({ kind: 'token', tokenId, name, ...scopes }), user: undefined }
  const user = await readUser(room, owner)
  return user && { ...shared, caller: callerOf(user, { via: 'token', tokenId, ...scopes }), user }
}

async function readSession(room: Room, kind: SecretKind, key: string): Promise<Known | undefined> {
  if (kind !== 'access' && kind !== 'cookie') return undefined
  const row = await room.store.read.first(sessionOfKey(key))
  if (row === undefined || row['ended'] !== null) return undefined
  const { id: sessionId, user_id: owner, until } = sessionRow.parse(row)
  const user = await readUser(room, owner)
  const isCookie = kind === 'cookie'
  const via = isCookie ? 'cookie' : 'session'
  return (
    user && {
      caller: callerOf(user, { via, sessionId }),
      expires: Date.parse(until),
      isCookie,
      tokenId: undefined,
      budget: undefined,
      addresses: undefined,
      user,
    }
  )
}

function sessionOfKey(key: string): SelectPlan {
  return {
    from: 'account_session_keys',
    as: 'k',
    joins: [{ table: 'account_sessions', as: 's', on: { column: 's.id', is: 'eq', other: 'k.session_id' } }],
    select: ['s.id', 's.user_id', 's.ended', { column: 'k.expires', as: 'until' }],
    where: { column: 'k.digest', is: 'eq', value: key },
  }
}

/** `undefined` where the user is gone or put out of use. */
async function readUser(room: Room, id: number): Promise<UserFacts | undefined> {
  const kept = room.cache.user(id)
  if (kept !== undefined) return kept
  const epoch = room.cache.epoch()
  const row = await room.store.read.first({
    from: 'account_users',
    select: ['id', 'name', 'code', 'roles', 'active'],
    where: { column: 'id', is: 'eq', value: id },
  })
  if (row === undefined || row['active'] !== true) return undefined
  const { name, code, roles: given } = userRow.parse(row)
  const facts = { id, name, code, roles: Object.freeze(room.roles.unfold(given)), current: true }
  return room.cache.keepUser(facts, epoch)
}

function callerOf(user: UserFacts, how: Pick<UserCaller, 'via' | 'tokenId' | 'sessionId' | 'scopes'>): UserCaller {
  return Object.freeze({ kind: 'user', id: user.id, name: user.name, code: user.code, roles: user.roles, ...how })
}

const texts = z.array(z.string())
const userRow = z.object({ name: z.string(), code: z.string(), roles: texts })
const sessionRow = z.object({ id: z.number(), user_id: z.number(), until: z.string() })
const tokenRow = z.object({
  id: z.number(),
  name: z.string(),
  user_id: z.number().nullable(),
  scopes: texts.nullable(),
  addresses: texts.nullable(),
  rate_limit: z.number().nullable(),
  expires: z.string().nullable(),
})

/** A browser keeps sending a dead cookie, even to the sign-in; so the refusal takes it away. */
function refused(room: Room, credential: Credential): PosternError {
  const headers = credential.from === 'cookie' ? { 'set-cookie': cookieLine('', 0, room.settings.cookie) } : {}
  return new PosternError('BAD_CREDENTIAL', 'The credential is unknown, expired, revoked, or not for use from here.', {
    headers,
  })
}

/** The caller that this user would be: for `why` and for tests of rules, never for a request. */
export async function callerAs(room: Room, id: number): Promise<UserCaller | undefined> {
  const facts = await readUser(room, id)
  return facts && callerOf(facts, { via: 'session' })
}

/**
 * The caller behind a secret that somebody shows, or behind a token's id: for `why`, never for a request. It counts as no use
 * and as no guess, and where a token may be used from is not judged.
 */
export async function callerBehind(
  room: Room,
  shown: { readonly secret: string } | { readonly token: number },
): Promise<Caller | undefined> {
  const known = 'token' in shown ? await readToken(room, isToken(shown.token)) : await knownBy(room, shown.secret)
  return known !== undefined && known.expires > room.settings.now() ? known.caller : undefined
}

async function knownBy(room: Room, secret: string): Promise<Known | undefined> {
  const kind = kindOfSecret(secret)
  return kind && readKnown(room, kind, digest(secret))
}

function isToken(id: number): Predicate {
  return { column: 'id', is: 'eq', value: id }
}
