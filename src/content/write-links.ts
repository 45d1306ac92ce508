import { PosternError } from '../errors/postern-error.ts'
import type { Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { Actor } from './actor.ts'
import { visibleAmong } from './find-visible.ts'
import { sideOf } from './link-side.ts'
import type { WantedLink } from './links-input.ts'
import type { Parts } from './parts.ts'
import { relatedTypes } from './related-types.ts'
import type { Relation } from './relations.ts'

export interface Linking {
  readonly transaction: Transaction
  readonly parts: Parts
  readonly actor: Actor
  readonly relation: Relation
  /** The object on this side. */
  readonly id: number
  readonly path: string
}

/** Adds links at the end, or writes over those that are there. Says how many are new. */
export async function writeLinks(wanted: readonly WantedLink[], linking: Linking): Promise<number> {
  if (wanted.length === 0) return 0
  await refuseUnreachable(wanted, linking)
  const { transaction, relation, id } = linking
  const side = sideOf(relation)
  const known = await knownLinks(
    wanted.map((one) => one.id),
    linking,
  )
  const last = await transaction.first({
    from: 'links',
    select: [{ aggregate: 'max', column: side.position, as: 'last' }],
    where: mine(linking),
  })
  let position = Number(last?.['last'] ?? 0)
  let added = 0
  for (const one of wanted) {
    const place = one.position ?? known.get(one.id) ?? ++position
    if (!known.has(one.id)) added++
    known.set(one.id, place)
    await writeLink(
      { source: side.own === 'source' ? id : one.id, target: side.own === 'source' ? one.id : id },
      { ...linking, one, place },
    )
  }
  return added
}

/** Those of the other side that are linked already, with their places. */
export async function knownLinks(
  others: readonly number[],
  linking: Omit<Linking, 'path' | 'actor' | 'parts'>,
): Promise<Map<number, number>> {
  const side = sideOf(linking.relation)
  const where: Predicate = { all: [mine(linking), { column: side.other, in: others }] }
  const rows = await linking.transaction.rows({ from: 'links', select: [side.other, side.position], where })
  return new Map(rows.map((row) => [Number(row[side.other]), Number(row[side.position])]))
}

/** This object's links of the relation. */
export function mine({ relation, id }: Pick<Linking, 'relation' | 'id'>): Predicate {
  return {
    all: [
      { column: sideOf(relation).own, is: 'eq', value: id },
      { column: 'name', is: 'eq', value: relation.key },
    ],
  }
}

/** What is not there, may not be seen or is of another type reads alike. */
async function refuseUnreachable(wanted: readonly WantedLink[], linking: Linking): Promise<void> {
  const { parts, actor, relation, transaction, path } = linking
  const ids = wanted.map((one) => one.id)
  const seen = await visibleAmong(ids, relatedTypes(parts.types, relation), { parts, actor, reader: transaction })
  const index = ids.findIndex((id) => !seen.has(id))
  if (index < 0) return
  const message = `must be the id of an existing ${relation.to?.join(' or ') ?? 'object'}`
  throw new PosternError('INVALID', `${path} ${message}: there is no ${ids[index]}.`, {
    errors: [{ path: `${path}.${index}.id`, message }],
  })
}

interface Written extends Linking {
  readonly one: WantedLink
  readonly place: number
}

/** Each side has an order of its own: on the other side a new link stands at the end. A relation that both call the same is kept both ways. */
async function writeLink(ends: Ends, { transaction, relation, one, place }: Written): Promise<void> {
  const params = one.params === undefined ? {} : { params: one.params }
  const { key: name } = relation
  const isIn = relation.direction === 'in'
  const position = isIn ? await endOf(transaction, { name, side: 'source', id: ends.source }) : place
  const inverse = isIn ? place : await endOf(transaction, { name, side: 'target', id: ends.target })
  await transaction.run({
    insert: 'links',
    values: { name, ...ends, position, inverse_position: inverse, ...params },
    onConflict: { columns: unique, update: [isIn ? 'inverse_position' : 'position', ...Object.keys(params)] },
  })
  if (relation.direction !== 'both') return
  const back = { source: ends.target, target: ends.source }
  const last = await endOf(transaction, { name, side: 'source', id: ends.target })
  await transaction.run({
    insert: 'links',
    values: { name, ...back, position: last, inverse_position: place, ...params },
    onConflict: { columns: unique, update: Object.keys(params) },
  })
}

/** The place behind the last link of the relation on this side of an object. */
async function endOf(
  transaction: Transaction,
  of: { name: string; side: 'source' | 'target'; id: number },
): Promise<number> {
  const where: Predicate = {
    all: [
      { column: of.side, is: 'eq', value: of.id },
      { column: 'name', is: 'eq', value: of.name },
    ],
  }
  const column = of.side === 'source' ? 'position' : 'inverse_position'
  const last = await transaction.first({ from: 'links', select: [{ aggregate: 'max', column, as: 'last' }], where })
  return Number(last?.['last'] ?? 0) + 1
}

interface Ends {
  readonly source: number
  readonly target: number
}

const unique = ['source', 'name', 'target']
