import { PosternError } from '../errors/postern-error.ts'
import { nearest } from '../schema/nearest.ts'
import type { Row, SelectPlan } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { Actor } from './actor.ts'
import { sideOf } from './link-side.ts'
import { addOwnFields } from './own-fields.ts'
import { ownTable, type ObjectType } from './object-types.ts'
import type { Parts } from './parts.ts'
import type { EmbedTerm } from './query/embed-request.ts'
import { relatedTypes } from './related-types.ts'
import type { Relation } from './relations.ts'
import { withoutWithheld } from './seen-types.ts'
import { sharedNames } from './shared-fields.ts'
import { visibleOfType, visibleOfTypes } from './visible.ts'

interface Embedding {
  readonly parts: Parts
  readonly actor: Actor
  /** The types that the rows may have. */
  readonly types: readonly ObjectType[]
}

/** Puts related objects into rows as `relations.<name>.objects`: of each relation one query, whatever the number of rows. */
export async function embed(rows: readonly Row[], terms: readonly EmbedTerm[], by: Embedding): Promise<void> {
  for (const term of terms) {
    const sides = sidesOf(term.name, by)
    for (const [relation, names] of sides) {
      const mine = rows.filter((row) => names.has(row['object_type']))
      if (mine.length > 0) await embedOne(mine, { relation, limit: term.limit }, by)
    }
  }
}

/** The relation of that name, with the types that have it: types may each have their own. */
function sidesOf(name: string, { parts, types }: Embedding): Map<Relation, Set<unknown>> {
  const sides = new Map<Relation, Set<unknown>>()
  const names = new Set<string>()
  for (const type of types) {
    const relations = parts.types.relationsOf(type)
    for (const one of relations.keys()) names.add(one)
    const relation = relations.get(name)
    if (relation === undefined) continue
    sides.set(relation, (sides.get(relation) ?? new Set()).add(type.name))
  }
  if (sides.size > 0) return sides
  const near = nearest(name, [...names])
  const guess = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`
  throw new PosternError('BAD_QUERY_VALUE', `There is no relation ${JSON.stringify(name)} to embed.${guess}`, {
    errors: [{ path: 'query.embed[relations]', message: 'unknown relation' }],
  })
}

async function embedOne(
  rows: readonly Row[],
  wanted: { relation: Relation; limit: number },
  by: Embedding,
): Promise<void> {
  const { parts } = by
  const types = relatedTypes(parts.types, wanted.relation)
  const related = await parts.read.rows(await planOf(rows, { ...wanted, types }, by))
  if (types.length === 1) withoutWithheld(related, types[0])
  else await addOwnFields(related, types, parts)
  const byRow = new Map<unknown, Row[]>(rows.map((row) => [row['id'], []]))
  // Taken apart and put together: an object from which something was deleted is dear to write as JSON (bench: embed).
  for (const { '@from': from, '@position': position, '@params': params, ...object } of related) {
    object['meta'] = { position, relation_params: params ?? {} }
    byRow.get(from)?.push(object)
  }
  for (const row of rows) {
    row['relations'] = {
      ...(row['relations'] as object | undefined),
      [wanted.relation.name]: { objects: byRow.get(row['id']) ?? [] },
    }
  }
}

async function planOf(
  rows: readonly Row[],
  wanted: { relation: Relation; limit: number; types: readonly ObjectType[] },
  by: Embedding,
): Promise<SelectPlan> {
  const { relation, limit, types } = wanted
  const { parts, actor } = by
  const { own, other, position } = sideOf(relation)
  const [single, ...more] = types
  const one = more.length === 0 ? single : undefined
  const where =
    one === undefined
      ? await visibleOfTypes(types, { parts, actor, right: 'read', elsewhere: true })
      : await visibleOne(one, by)
  const on: Predicate = {
    all: [
      { column: `l.${other}`, is: 'eq', other: 'o.id' },
      { column: 'l.name', is: 'eq', value: relation.key },
    ],
  }
  return {
    from: 'objects',
    as: 'o',
    joins: [
      { table: 'links', as: 'l', on },
      ...(one === undefined || one.ownNames.length === 0 ? [] : [ownTable(one)]),
    ],
    select: [
      ...(one?.selectAll ?? sharedNames.map((name) => `o.${name}`)),
      { column: `l.${own}`, as: '@from' },
      { column: `l.${position}`, as: '@position' },
      { column: 'l.params', as: '@params' },
    ],
    where: { all: [{ column: `l.${own}`, in: rows.map((row) => Number(row['id'])) }, where] },
    // By the id as the link has it, which is how its index goes on.
    order: [{ column: `l.${position}` }, { column: `l.${other}` }],
    perGroup: { column: `l.${own}`, limit },
  }
}

/** Nothing, where the type is not activated for the actor: what is embedded is what a list would show. */
async function visibleOne(type: ObjectType, { parts, actor }: Embedding): Promise<Predicate> {
  if (actor.system === undefined && type.rules.read === undefined) return false
  return (await visibleOfType(type, { parts, actor, right: 'read', elsewhere: true })).where
}
