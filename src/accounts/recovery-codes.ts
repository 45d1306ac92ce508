import { randomBytes } from 'node:crypto'
import type { Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { nowText, type Room } from './room.ts'
import { digest } from './secret.ts'

/** How many a user is given: each opens one sign-in without the authenticator app. */
export const recoveryCodeCount = 10

const letters = 'abcdefghijklmnopqrstuvwxyz234567'
const length = 16

/** New codes in place of all earlier ones. Shown this once; kept only as digests. */
export async function renewRecoveryCodes(transaction: Transaction, user: number): Promise<readonly string[]> {
  await dropRecoveryCodes(transaction, user)
  const codes = Array.from({ length: recoveryCodeCount }, newCode)
  const values = codes.map((code) => ({ digest: digestOf(user, plain(code)), user_id: user, used: null }))
  await transaction.run({ insert: 'account_recovery_codes', values })
  return codes
}

export async function dropRecoveryCodes(transaction: Transaction, user: number): Promise<void> {
  await transaction.run({ delete: 'account_recovery_codes', where: ofUser(user) })
}

/** Uses a code up. `false` where it is none of this user's, or was used: of many requests with one code, one passes. */
export async function useRecoveryCode(room: Room, user: number, code: string): Promise<boolean> {
  const key = plain(code)
  if (key.length !== length) return false
  const where: Predicate = { all: [{ column: 'digest', is: 'eq', value: digestOf(user, key) }, unused] }
  const used = await room.store.write.run({ update: 'account_recovery_codes', set: { used: nowText(room) }, where })
  return used.count === 1
}

export async function countRecoveryCodes(room: Room, user: number): Promise<number> {
  const where: Predicate = { all: [ofUser(user), unused] }
  return room.store.read.count({ from: 'account_recovery_codes', select: ['digest'], where })
}

/** 80 random bits in groups of four, as people copy them from paper: `abcd-efgh-2345-6723`. */
function newCode(): string {
  const text = Array.from(randomBytes(length), (byte) => letters[byte & 31]).join('')
  return (text.match(/.{4}/g) ?? []).join('-')
}

/** As it is compared, whatever its groups and letters were typed like. */
function plain(code: string): string {
  return code.toLowerCase().replaceAll(/[\s-]/g, '')
}

/** Of a user: whose code it is cannot be mistaken, even if two were alike. */
function digestOf(user: number, code: string): string {
  return digest(`recovery ${user} ${code}`)
}

function ofUser(user: number): Predicate {
  return { column: 'user_id', is: 'eq', value: user }
}

const unused: Predicate = { column: 'used', is: 'eq', value: null }
