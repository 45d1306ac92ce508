import { createHash } from 'node:crypto'
import { PosternError } from '../errors/postern-error.ts'
import type { Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { Actor } from './actor.ts'
import type { Input } from './parts.ts'

export interface Once<Result> {
  readonly actor: Actor
  readonly input: Input
  readonly now: string
  readonly work: () => Promise<Result>
}

/**
 * Does the work once for each key of a caller (`idempotency_key` in the input): asked again, it answers what it answered
 * then. The answer is kept in the transaction of the work, so that a lost connection or a crash between them cannot part
 * them. The same key with another input is refused (INVALID). Keys are kept for a day.
 */
export async function once<Result>(
  transaction: Transaction,
  { actor, input, now, work }: Once<Result>,
): Promise<Result> {
  const { idempotency_key: key, ...rest } = input
  if (key === undefined) return work()
  const holder = holderOf(actor, key)
  const fingerprint = createHash('sha256').update(JSON.stringify(rest)).digest('base64url')
  const where: Predicate = { column: 'holder', is: 'eq', value: holder }
  const known = await transaction.first({ from: 'idempotency', select: ['fingerprint', 'answer', 'at'], where })
  if (known !== undefined && String(known['at']) > dayBefore(now)) {
    if (known['fingerprint'] === fingerprint) return known['answer'] as Result
    throw new PosternError('INVALID', 'This Idempotency-Key was used for another request.', {
      hint: 'Use a new key for each thing that is to be done, and the same key only to repeat it.',
    })
  }
  const answer = await work()
  await transaction.run({ delete: 'idempotency', where: { column: 'at', is: 'lt', value: dayBefore(now) } })
  await transaction.run({ insert: 'idempotency', values: { holder, fingerprint, answer, at: now } })
  return answer
}

/** Keys are each caller's own: nobody gets another's answer by guessing a key. */
function holderOf(actor: Actor, key: unknown): string {
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new PosternError('BAD_REQUEST', 'An Idempotency-Key is 1 to 200 visible characters without spaces.')
  }
  const { caller } = actor
  if (caller.kind === 'user') return `user ${caller.id} ${key}`
  if (caller.kind === 'token') return `token ${caller.tokenId} ${key}`
  throw new PosternError('BAD_REQUEST', 'An Idempotency-Key needs a caller to whom it belongs.')
}

function dayBefore(now: string): string {
  return new Date(Date.parse(now) - 86_400_000).toISOString()
}
