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
  for (const one of wanted) {
    const place = one.position ?? (known.has(one.id) ? known.get(one.id) : ++position) ?? 1
    await writeLink(
      { source: side.own === 'source' ? id : one.id, target: side.own === 'source' ? one.id : id },
      { ...linking, one, place },
    )
  }
  return wanted.filter((one) => !known.has(one.id)).length
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

/** A relation that both sides call the same is kept in both directions. */
async function writeLink(
  ends: { source: number; target: number },
  { transaction, relation, one, place }: Written,
): Promise<void> {
  const params = one.params === undefined ? {} : { params: one.params }
  const places =
    relation.direction === 'in'
      ? { position: await end(transaction, ends.source, relation.key), inverse_position: place }
      : { position: place, inverse_position: place }
  const own = relation.direction === 'in' ? 'inverse_position' : 'position'
  const update = [own, ...Object.keys(params)]
  await transaction.run({
    insert: 'links',
    values: { name: relation.key, ...ends, ...places, ...params },
    onConflict: { columns: ['source', 'name', 'target'], update },
  })
  if (relation.direction !== 'both') return
  const back = {
    name: relation.key,
    source: ends.target,
    target: ends.source,
    position: await end(transaction, ends.target, relation.key),
    inverse_position: place,
    ...params,
  }
  await transaction.run({
    insert: 'links',
    values: back,
    onConflict: { columns: ['source', 'name', 'target'], update: Object.keys(params) },
  })
}

async function end(transaction: Transaction, source: number, name: string): Promise<number> {
  const where: Predicate = {
    all: [
      { column: 'source', is: 'eq', value: source },
      { column: 'name', is: 'eq', value: name },
    ],
  }
  const last = await transaction.first({
    from: 'links',
    select: [{ aggregate: 'max', column: 'position', as: 'last' }],
    where,
  })
  return Number(last?.['last'] ?? 0) + 1
}
