import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { must } from '../errors/must.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Reader, Row, Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { emailAddress, identityKey, userName } from './identity.ts'
import { parseInput } from './parse-input.ts'
import { passwordLength } from './password.ts'
import { change, nowText, tellOthers, type Room } from './room.ts'
import { endSessions } from './sessions.ts'
import { closeSetup } from './setup.ts'
import { onlyOnce } from './unique.ts'
import { userColumns, userOf, type User } from './user.ts'

export const newPassword = z.string().min(passwordLength.min).max(passwordLength.max)

export const newUser = z.strictObject({
  name: userName,
  email: emailAddress.optional(),
  password: newPassword.optional(),
  roles: z.array(z.string()).max(50).optional(),
  active: z.boolean().optional(),
  /** Whoever makes the user knows that the address is theirs. */
  verified: z.boolean().optional(),
})

export type NewUser = z.input<typeof newUser>

/** CONFLICT where the name or the e-mail address is taken, INVALID where the site has no such role. */
export async function createUser(room: Room, input: NewUser): Promise<User> {
  const row = await newUserRow(room, input)
  return onlyOnce(() => room.store.write.transaction((transaction) => insertUser(row, transaction)))
}

/** The checked input as a row, with the dear part (the hash) done before any transaction. */
export async function newUserRow(room: Room, input: NewUser): Promise<Row> {
  const { name, email, password, roles = [], active = true, verified = false } = parseInput(newUser, input, 'user')
  room.roles.refuseUnknown(roles)
  const hash = password === undefined ? null : await room.passwords.hash(password)
  const now = nowText(room)
  return {
    ...namedAs(name),
    ...reachedAt(email ?? null),
    code: randomCode(),
    roles: [...new Set(roles)],
    active,
    password: hash,
    verified: verified ? now : null,
    totp: null,
    totp_step: null,
    created: now,
    modified: now,
  }
}

/** Whoever is made an administrator, and however: from then on no link makes a first one. */
export async function insertUser(row: Row, transaction: Transaction): Promise<User> {
  const { rows } = await transaction.run({ insert: 'account_users', values: row, returning: [...userColumns] })
  const user = userOf(must(rows[0], 'an insert returns its row'))
  if (user.roles.includes('admin')) await closeSetup(transaction)
  return user
}

/** By id, name or e-mail address. */
export async function findUser(
  room: Room,
  reference: number | string,
  reader: Pick<Reader, 'first'> = room.store.read,
): Promise<User | undefined> {
  const row = await reader.first({ from: 'account_users', select: [...userColumns], where: named(reference) })
  return row && userOf(row)
}

/** The same; an id may be written as text as well, as on a command line. No name is a number. */
export async function requireUser(room: Room, reference: number | string): Promise<User> {
  const isId = typeof reference === 'string' && /^[1-9]\d{0,14}$/.test(reference)
  const user = await findUser(room, isId ? Number(reference) : reference)
  if (user === undefined) throw new PosternError('NOT_FOUND', `There is no user ${JSON.stringify(reference)}.`)
  return user
}

export async function listUsers(room: Room, page: { readonly limit: number; readonly after: number }): Promise<User[]> {
  const rows = await room.store.read.rows({
    from: 'account_users',
    select: [...userColumns],
    where: { all: [{ column: 'id', is: 'gt', value: page.after }, notDeleted] },
    order: [{ column: 'id' }],
    limit: page.limit,
  })
  return rows.map(userOf)
}

export interface UserChanges {
  readonly name?: string
  readonly email?: string | null
  readonly verified?: string | null
  readonly roles?: readonly string[]
  readonly active?: boolean
  /** In clear; stored as its hash. */
  readonly password?: string
}

/**
 * Changes what is named. A new password or e-mail address, other roles and being put out of use end every session but
 * `keepSession`, since whoever holds one got it from somebody who was somebody else.
 */
export async function updateUser(
  room: Room,
  id: number,
  changes: UserChanges & { readonly keepSession?: number },
): Promise<User> {
  const prepared = await prepareChanges(room, changes)
  const user = await onlyOnce(() =>
    room.store.write.transaction((transaction) => changeUser(room, { id, ...prepared }, transaction)),
  )
  room.cache.forgetUser(id)
  return user
}

/** Changes that were checked, with the dear part (the hash) done. */
export interface PreparedChanges {
  readonly changes: UserChanges & { readonly keepSession?: number }
  readonly set: Row
}

export async function prepareChanges(room: Room, changes: PreparedChanges['changes']): Promise<PreparedChanges> {
  if (changes.roles) room.roles.refuseUnknown(changes.roles)
  return { changes, set: { ...(await columnsOf(room, changes)), modified: nowText(room) } }
}

/** As part of a transaction of whoever asks, who forgets the user afterwards. NOT_FOUND where there is none. */
export async function changeUser(
  room: Room,
  { id, changes, set }: PreparedChanges & { readonly id: number },
  transaction: Transaction,
): Promise<User> {
  const where = { all: [{ column: 'id', is: 'eq', value: id }, notDeleted] } as const
  const { rows } = await transaction.run({ update: 'account_users', set, where, returning: [...userColumns] })
  const [row] = rows
  if (row === undefined) throw new PosternError('NOT_FOUND', `There is no user ${id}.`)
  if (changes.roles?.includes('admin') === true) await closeSetup(transaction)
  if (endsSessions(changes)) {
    await endSessions(room, { user: id, except: changes.keepSession }, transaction)
    await transaction.run({ delete: 'account_links', where: { column: 'user_id', is: 'eq', value: id } })
  }
  await tellOthers(transaction)
  return userOf(row)
}

/** The row stays, emptied, so that its id is never anybody else's; tokens and sessions are gone. */
export async function deleteUser(room: Room, id: number): Promise<void> {
  const set = {
    ...namedAs(`deleted ${id}`),
    ...reachedAt(null),
    name_key: `#${id}`,
    password: null,
    totp: null,
    roles: [],
    active: false,
  }
  await change(room, async (transaction) => {
    await endSessions(room, { user: id }, transaction)
    for (const table of ['account_tokens', 'account_identities', 'account_links', 'account_recovery_codes']) {
      await transaction.run({ delete: table, where: { column: 'user_id', is: 'eq', value: id } })
    }
    await transaction.run({ update: 'account_users', set, where: { column: 'id', is: 'eq', value: id } })
  })
  room.cache.forgetUser(id)
}

export function named(reference: number | string): Predicate {
  if (typeof reference === 'number') return { all: [{ column: 'id', is: 'eq', value: reference }, notDeleted] }
  const column = reference.includes('@') ? 'email_key' : 'name_key'
  return { column, is: 'eq', value: identityKey(reference) }
}

/** No name has a key like a deleted user's. */
const notDeleted: Predicate = { not: { column: 'name_key', like: '#%' } }

async function columnsOf(room: Room, changes: UserChanges): Promise<Row> {
  const { name, email, password, roles, active, verified } = changes
  return {
    ...(name === undefined ? {} : namedAs(parseInput(userName, name, 'user.name'))),
    ...(email === undefined ? {} : reachedAt(email === null ? null : parseInput(emailAddress, email, 'user.email'))),
    ...(password === undefined
      ? {}
      : { password: await room.passwords.hash(parseInput(newPassword, password, 'user.password')) }),
    ...(roles === undefined ? {} : { roles: [...new Set(roles)] }),
    ...(active === undefined ? {} : { active }),
    ...(verified === undefined ? {} : { verified }),
  }
}

function endsSessions(changes: UserChanges): boolean {
  const { password, email, roles, active } = changes
  return password !== undefined || email !== undefined || roles !== undefined || active === false
}

function namedAs(name: string): Row {
  return { name, name_key: identityKey(name) }
}

/** A new address has yet to be proved. */
function reachedAt(email: string | null): Row {
  return { email, email_key: email === null ? null : identityKey(email), verified: null }
}

/** 32 characters of an alphabet without look-alikes, 180 bits and more. */
function randomCode(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
  let code = ''
  while (code.length < 32) {
    for (const byte of randomBytes(64)) if (byte < 224 && code.length < 32) code += letters[byte % 56]
  }
  return code
}
