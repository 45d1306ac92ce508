import { PosternError } from '../errors/postern-error.ts'
import type { Reader, Transaction } from '../store/port.ts'
import { refused, type Right } from './access.ts'
import type { Actor } from './actor.ts'
import type { ObjectType } from './object-types.ts'
import { missing } from './find-visible.ts'
import { isBound } from './guards.ts'
import { identified } from './identified.ts'
import type { Input, Parts } from './parts.ts'
import { visibleOfType } from './visible.ts'

export interface Found {
  readonly type: ObjectType
  readonly id: number
  readonly version: number
}

export interface Changing {
  readonly parts: Parts
  readonly actor: Actor
  readonly right: Right
  /** Looks in the trash instead. */
  readonly trashed?: boolean
  /** Whether the object is answered; absent: unless it is deleted. */
  readonly answered?: boolean
}

type Looking = Pick<Reader, 'first'> | Transaction

/**
 * The object that is to be changed, held until the transaction ends, so that nothing comes between the rule and the
 * change. What the actor may not see is 404; what it may see but not change is 401 or 403; another version is STALE.
 */
export async function found(transaction: Looking, input: Input, changing: Changing): Promise<Found> {
  const row = await transaction.first({
    from: 'objects',
    as: 'o',
    select: ['o.id', 'o.object_type', 'o.version'],
    where: {
      all: [identified(input['id']), { column: 'o.trashed', is: changing.trashed === true ? 'ne' : 'eq', value: null }],
    },
    // Outside a transaction nothing can be held.
    ...('run' in transaction ? { lock: true } : {}),
  })
  const type = changing.parts.types.get(row?.['object_type'])
  if (row === undefined || type === undefined || isOther(type, input, changing.parts)) throw missing(input['id'])
  const target: Found = { type, id: Number(row['id']), version: Number(row['version']) }
  await permit(transaction, target, { input, changing })
  const expected = input['version']
  if (expected !== undefined && expected !== target.version) throw stale(target.version)
  return target
}

/** Refuses (STALE) to go on where an object that the actor may see is at another version. */
export async function refuseStale(
  transaction: Pick<Transaction, 'first'>,
  id: number,
  expected: unknown,
): Promise<void> {
  const where = { column: 'id', is: 'eq', value: id } as const
  const row = await transaction.first({ from: 'objects', select: ['version'], where })
  if (row?.['version'] !== expected) throw stale(Number(row?.['version']))
}

function stale(version: number): PosternError {
  return new PosternError('STALE', `The object is at version ${version}.`)
}

async function permit(
  transaction: Looking,
  found: Found,
  { input, changing }: { input: Input; changing: Changing },
): Promise<void> {
  const { actor, right, trashed = false, answered = right !== 'delete' } = changing
  if (!isAsked(changing)) return
  const isSaid = (one: Right): boolean => actor.system !== undefined || found.type.rules[one] !== undefined
  const isSeen = isSaid('read') && (await holds(transaction, found, { ...changing, right: 'read' }))
  // What lies in the trash is seen by those alone who might have put it there.
  const mayBeTold = isSeen && !trashed
  if (!mayBeTold && !isSaid(right)) throw missing(input['id'])
  // What is not seen is not changed either: the answer would show it. What is deleted is not shown.
  const isOpen = isSeen || !answered
  if (isOpen && (await holds(transaction, found, changing))) return
  throw mayBeTold ? refused(actor, `to ${right} this ${found.type.name}`) : missing(input['id'])
}

/** What acts for the system is not asked for rules of types; those of sections hold where it acts on what a caller sent. */
function isAsked({ actor, parts }: Changing): boolean {
  return actor.system === undefined || (parts.types.guards.length > 0 && isBound(actor))
}

async function holds(transaction: Looking, { type, id }: Found, viewing: Changing): Promise<boolean> {
  const { where } = await visibleOfType(type, viewing)
  const joins = [{ table: type.table, as: 't', on: { column: 't.id', is: 'eq', other: 'o.id' } as const }]
  const row = await transaction.first({
    from: 'objects',
    as: 'o',
    joins,
    select: ['o.id'],
    where: { all: [{ column: 'o.id', is: 'eq', value: id }, where] },
  })
  return row !== undefined
}

function isOther(type: ObjectType, input: Input, parts: Parts): boolean {
  return input['type'] !== undefined && parts.types.named(input['type']) !== type
}
