import type { Page } from '../../endpoint/content.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Transaction } from '../../store/port.ts'
import type { Predicate } from '../../store/predicate.ts'
import type { Actor } from '../actor.ts'
import { found, refuseStale } from '../find-for-change.ts'
import { findVisible, missing } from '../find-visible.ts'
import { anchorOf, sideOf } from '../link-side.ts'
import { paramsOf, positionOf, wantedLinks, type WantedLink } from '../links-input.ts'
import { list } from '../list.ts'
import type { Input, Parts } from '../parts.ts'
import { queryOf } from '../query/query-of.ts'
import { countedAtMost } from '../query/paging.ts'
import { relatedTypes } from '../related-types.ts'
import { relationNamed, type Relation } from '../relations.ts'
import { visibleOfTypes } from '../visible.ts'
import { writeOutbox } from '../write-outbox.ts'
import { mine, writeLinks } from '../write-links.ts'

/** `{ type?, id }`: how many objects, of those that the actor may see, each relation leads to; none: not named. */
export async function countRelations(
  parts: Parts,
  input: Input,
  actor: Actor,
): Promise<Record<string, { count: number }>> {
  const { id, type } = await findVisible(input, { parts, actor })
  const counts: Record<string, { count: number }> = {}
  for (const relation of parts.types.relationsOf(type).values()) {
    const where = await visibleOfTypes(relatedTypes(parts.types, relation), {
      parts,
      actor,
      right: 'read',
      elsewhere: true,
    })
    const { join } = anchorOf(relation, id)
    const count = await parts.read.count({ from: 'objects', as: 'o', joins: [join], select: [], where }, countedAtMost)
    if (count > 0) counts[relation.name] = { count }
  }
  return counts
}

/** `{ type?, id, name, query? }`: related objects in order, each with its place and params in `meta`. */
export async function listRelated(parts: Parts, input: Input, actor: Actor): Promise<Page> {
  const { id, type } = await findVisible(input, { parts, actor })
  const relation = relationNamed(parts.types.relationsOf(type), input['name'], type.name)
  const subject = {
    types: relatedTypes(parts.types, relation),
    anchor: anchorOf(relation, id),
    name: `${relation.name} ${id}`,
  }
  return list(subject, queryOf(input), { parts, actor })
}

export interface LinkDetail {
  readonly position: number
  readonly params: unknown
}

/** `{ id, name, related }`: the link itself. */
export async function readLink(parts: Parts, input: Input, actor: Actor): Promise<LinkDetail> {
  const { id, type } = await findVisible(input, { parts, actor })
  const relation = relationNamed(parts.types.relationsOf(type), input['name'], type.name)
  const related = await findVisible({ id: input['related'] }, { parts, actor })
  const detail = await detailOf(parts.read, relation, { id, related: related.id })
  if (detail === undefined) throw missing(input['related'])
  return detail
}

/** `{ id, name, items: [{ id, position?, params? }] }`: adds links, or writes over those that are there. */
export async function addLinks(parts: Parts, input: Input, actor: Actor): Promise<{ added: number; items: unknown }> {
  return changing(
    parts,
    {
      operation: 'relations.add',
      input,
      actor,
      others: (relation) => wantedLinks(input['items'], relation.params, 'body'),
    },
    async (change) => {
      const { transaction, relation, id, others } = change
      const added = await writeLinks(others, { transaction, parts, actor, relation, id, path: 'body' })
      const items = await Promise.all(
        others.map(async (one) => ({
          id: one.id,
          ...(await detailOf(transaction, relation, { id, related: one.id })),
        })),
      )
      return { added, items }
    },
  )
}

/** `{ id, name, related, position?, params? }`: what is named changes, of a link that is there. */
export async function changeLink(parts: Parts, input: Input, actor: Actor): Promise<LinkDetail> {
  if (input['position'] === undefined && input['params'] === undefined)
    throw new PosternError('BAD_REQUEST', 'Give a position or params.')
  return changing(
    parts,
    { operation: 'relations.change', input, actor, others: () => wantedLinks(relatedId(input), {}, 'body') },
    async ({ transaction, relation, id, others: [one] }) => {
      const { id: related } = await findVisible({ id: one?.id }, { parts, actor, reader: transaction })
      const params =
        input['params'] === undefined
          ? {}
          : { params: paramsOf(input['params'], relation.params, 'body.params').params ?? null }
      const { position } = positionOf(input['position'], 'body')
      const place = position === undefined ? {} : { [sideOf(relation).position]: position }
      const { count } = await transaction.run({
        update: 'links',
        set: { ...place, ...params },
        where: between(relation, { id, related }),
      })
      const detail = await detailOf(transaction, relation, { id, related })
      if (count === 0 || detail === undefined) throw missing(input['related'])
      return detail
    },
  )
}

/** `{ id, name, related }`. */
export async function removeLink(parts: Parts, input: Input, actor: Actor): Promise<void> {
  await changing(
    parts,
    { operation: 'relations.remove', input, actor, others: () => wantedLinks(relatedId(input), {}, 'body') },
    async ({ transaction, relation, id, others: [one] }) => {
      const { id: related } = await findVisible({ id: one?.id }, { parts, actor, reader: transaction })
      const { count } = await transaction.run({ delete: 'links', where: between(relation, { id, related }) })
      if (count === 0) throw missing(input['related'])
      if (relation.direction === 'both')
        await transaction.run({ delete: 'links', where: between(relation, { id: related, related: id }) })
    },
  )
}

interface Change {
  readonly transaction: Transaction
  readonly relation: Relation
  readonly id: number
  readonly others: readonly WantedLink[]
}

interface Asked {
  readonly operation: string
  readonly input: Input
  readonly actor: Actor
  readonly others: (relation: Relation) => readonly WantedLink[]
}

/**
 * A link belongs to the side that declares it: whoever changes it must be allowed to change that side, and to see the other.
 * `version` is asked of the object on whose side it is changed.
 */
async function changing<Result>(
  parts: Parts,
  asked: Asked,
  work: (change: Change) => Promise<Result>,
): Promise<Result> {
  const { input, actor, operation } = asked
  return parts.write.transaction(async (transaction) => {
    const { id, type } = await findVisible(input, { parts, actor, reader: transaction })
    const relation = relationNamed(parts.types.relationsOf(type), input['name'], type.name)
    if (input['version'] !== undefined) await refuseStale(transaction, id, input['version'])
    const others = asked.others(relation)
    const declaring = relation.direction === 'in' ? others.map((one) => one.id) : [id]
    for (const one of declaring) {
      const owner = await found(transaction, { id: one }, { parts, actor, right: 'update' })
      const change = { operation, type: owner.type.name, id: owner.id, version: owner.version }
      await writeOutbox(transaction, change, { actor, now: parts.now() })
    }
    return work({ transaction, relation, id, others })
  })
}

function relatedId(input: Input): unknown {
  const { related } = input
  if (typeof related === 'string' && /^[1-9]\d{0,15}$/.test(related)) return Number(related)
  if (typeof related === 'number') return related
  throw missing(related)
}

function between(relation: Relation, ends: { id: number; related: number }): Predicate {
  return { all: [mine({ relation, id: ends.id }), { column: sideOf(relation).other, is: 'eq', value: ends.related }] }
}

async function detailOf(
  reader: Pick<Transaction, 'first'>,
  relation: Relation,
  ends: { id: number; related: number },
): Promise<LinkDetail | undefined> {
  const { position } = sideOf(relation)
  const row = await reader.first({
    from: 'links',
    select: [{ column: position, as: 'position' }, 'params'],
    where: between(relation, ends),
  })
  return row === undefined ? undefined : { position: Number(row['position']), params: row['params'] ?? {} }
}
