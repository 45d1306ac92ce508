import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { must } from '../errors/must.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Row } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { isoTime, seconds } from './duration.ts'
import { parseInput } from './parse-input.ts'
import { plainText, plainTextHint } from './plain-text.ts'
import { change, nowText, type Room } from './room.ts'
import { scopeText } from './scope.ts'
import { digest, newSecret } from './secret.ts'
import { requireUser } from './users.ts'

export const newToken = z.strictObject({
  name: z.string().trim().min(1).max(100).regex(plainText, plainTextHint),
  /** What it is limited to; none is whatever the one it acts for may do. */
  scopes: z.array(z.string().max(500)).max(100).optional(),
  /** A time span (`30d`) or a moment; absent: it does not end. */
  expires: z.string().min(1).max(40).optional(),
  /** Addresses and networks (`10.0.0.0/8`) it may be used from. */
  addresses: z.array(z.string().max(50)).min(1).max(100).optional(),
  /** Requests per minute. */
  rate_limit: z.int().positive().optional(),
})

export type NewToken = z.input<typeof newToken> & {
  /** Whom it acts for, by id, name or e-mail; absent: nobody. */
  readonly user?: number | string | undefined
  /** Who makes it; absent: the operator, at the command line. */
  readonly creator?: number | undefined
}

/** A token as everyone may see it who may see it at all: never the secret, nor its digest. */
export interface Token {
  readonly id: number
  readonly name: string
  readonly user: number | null
  readonly scopes: readonly string[] | null
  readonly addresses: readonly string[] | null
  readonly rate_limit: number | null
  readonly expires: string | null
  readonly created: string
  readonly last_used: string | null
}

/** `token` is the secret itself: nothing will ever tell it again. */
export type CreatedToken = Token & { readonly token: string }

export async function createToken(room: Room, input: NewToken): Promise<CreatedToken> {
  const { user, creator, ...rest } = input
  const { name, scopes, expires, addresses, rate_limit: rate } = parseInput(newToken, rest, 'token')
  const owner = user === undefined ? null : (await requireUser(room, user)).id
  if (addresses) allowedAddresses(addresses)
  const secret = newSecret('token')
  const values: Row = {
    digest: digest(secret),
    name,
    user_id: owner,
    creator_id: creator ?? null,
    scopes: scopes?.map(scopeText) ?? null,
    addresses: addresses ?? null,
    rate_limit: rate ?? null,
    expires: expires === undefined ? null : moment(room, expires),
    created: nowText(room),
    last_used: null,
  }
  const { rows } = await room.store.write.run({ insert: 'account_tokens', values, returning: [...tokenColumns] })
  return { ...tokenOf(must(rows[0], 'an insert returns its row')), token: secret }
}

/** All tokens, or those that act for one user, oldest first. */
export async function listTokens(room: Room, whose: { readonly user?: number } = {}): Promise<Token[]> {
  const where: Predicate = whose.user === undefined ? true : { column: 'user_id', is: 'eq', value: whose.user }
  const rows = await room.store.read.rows({
    from: 'account_tokens',
    select: [...tokenColumns],
    where,
    order: [{ column: 'id' }],
    limit: 1_000,
  })
  return rows.map(tokenOf)
}

export async function findToken(room: Room, id: number): Promise<Token | undefined> {
  const row = await room.store.read.first({ from: 'account_tokens', select: [...tokenColumns], where: isId(id) })
  return row && tokenOf(row)
}

/** By id or by name. NOT_FOUND; INVALID where several have the name. */
export async function requireToken(room: Room, reference: string): Promise<Token> {
  const where: Predicate = /^[1-9]\d{0,14}$/.test(reference)
    ? isId(Number(reference))
    : { column: 'name', is: 'eq', value: reference }
  const select = [...tokenColumns]
  const rows = await room.store.read.rows({
    from: 'account_tokens',
    select,
    where,
    order: [{ column: 'id' }],
    limit: 2,
  })
  const [first, second] = rows.map(tokenOf)
  if (first === undefined) throw new PosternError('NOT_FOUND', `There is no API token ${JSON.stringify(reference)}.`)
  if (second === undefined) return first
  throw new PosternError('INVALID', `Several API tokens are called ${JSON.stringify(reference)}.`, {
    hint: `Say which by its id: ${first.id}, ${second.id}, …`,
  })
}

/** Dead from the next request on; `false` where there is none. */
export async function revokeToken(room: Room, id: number): Promise<boolean> {
  const gone = await change(room, (transaction) =>
    transaction.run({ delete: 'account_tokens', where: isId(id), returning: ['digest'] }),
  )
  room.cache.forget(gone.rows.map((row) => String(row['digest'])))
  return gone.count > 0
}

/** The networks a token may be used from. Throws INVALID at what is none. */
export function allowedAddresses(texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts) {
    const [address = '', bits] = text.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    const most = family === 'ipv6' ? 128 : 32
    const prefix = bits === undefined ? most : Number(bits)
    if (isIP(address) === 0 || !/^\d{0,3}$/.test(bits ?? '') || bits === '' || prefix > most) throw notAnAddress(text)
    list.addSubnet(address, prefix, family)
  }
  return list
}

export function isAllowedFrom(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

const tokenColumns = [
  'id',
  'name',
  'user_id',
  'scopes',
  'addresses',
  'rate_limit',
  'expires',
  'created',
  'last_used',
] as const

function tokenOf(row: Row): Token {
  const { user_id: user, ...rest } = row
  return tokenShape.parse({ ...rest, user })
}

export const tokenShape = z.object({
  id: z.number(),
  name: z.string(),
  user: z.number().nullable(),
  scopes: z.array(z.string()).nullable(),
  addresses: z.array(z.string()).nullable(),
  rate_limit: z.number().nullable(),
  expires: z.string().nullable(),
  created: z.string(),
  last_used: z.string().nullable(),
})

function moment(room: Room, text: string): string {
  const now = room.settings.now()
  const at = /^\d{4}-/.test(text) ? Date.parse(text) : now + seconds(text) * 1_000
  if (at > now && at <= latest) return isoTime(at)
  const detail = at > latest ? 'The token would outlive the calendar.' : 'The token would have expired already.'
  throw new PosternError('INVALID', detail, { errors: [{ path: 'expires', message: 'a moment to come' }] })
}

/** Later moments have years of more than four digits, which do not sort as they should. */
const latest = Date.parse('9999-12-31T23:59:59.999Z')

function isId(id: number): Predicate {
  return { column: 'id', is: 'eq', value: id }
}

function notAnAddress(text: string): PosternError {
  const message = 'an address or a network such as 10.0.0.0/8'
  return new PosternError('INVALID', `${JSON.stringify(text)} is no address.`, {
    errors: [{ path: 'addresses', message }],
  })
}
