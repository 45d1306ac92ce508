import { PosternError } from '../errors/postern-error.ts'
import { nearest } from '../schema/nearest.ts'
import type { Fields, TypeData } from './define-type.ts'

/** A relation as one side of it sees it. */
export interface Relation {
  /** What this side calls it. */
  readonly name: string
  /** What the links are kept under: the name on the side that declares it. */
  readonly key: string
  /** `out`: this side declares it; `in`: it is seen from the other side; `both`: both sides call it the same. */
  readonly direction: 'out' | 'in' | 'both'
  /** Names of the types on the other side; absent: any. */
  readonly to?: readonly string[]
  readonly params: Fields
}

export type RelationsByType = ReadonlyMap<string, ReadonlyMap<string, Relation>>

/** Every relation from both of its sides. Refuses (BAD_SITE) names that would mean two things on one type. */
export function relationsOf(types: readonly TypeData[]): RelationsByType {
  const all = new Map(types.map((type) => [type.name, new Map<string, Relation>()]))
  for (const type of types) for (const name of Object.keys(type.relations)) addBothSides(all, type, name)
  return all
}

function addBothSides(all: Map<string, Map<string, Relation>>, type: TypeData, name: string): void {
  const { to: wanted, inverse, params = {} } = type.relations[name] ?? {}
  const to = wanted === undefined ? undefined : [wanted].flat()
  const unknown = to?.find((one) => !all.has(one))
  if (unknown !== undefined) {
    throw new PosternError(
      'BAD_SITE',
      `${type.name}.relations.${name} leads to ${JSON.stringify(unknown)}, which is no object type.`,
    )
  }
  const direction = inverse === name ? 'both' : 'out'
  add(all.get(type.name), type.name, { name, key: name, direction, params, ...(to === undefined ? {} : { to }) })
  if (inverse === undefined || direction === 'both') return
  const back: Relation = { name: inverse, key: name, direction: 'in', params }
  for (const other of to ?? all.keys()) addInverse(all.get(other), { other, from: type.name, inverse: back })
}

/** Refuses (BAD_REQUEST) a name that is no relation of the type. */
export function relationNamed(
  relations: ReadonlyMap<string, Relation> | undefined,
  name: unknown,
  of: string,
): Relation {
  const found = typeof name === 'string' ? relations?.get(name) : undefined
  if (found !== undefined) return found
  const near = typeof name === 'string' ? nearest(name, [...(relations?.keys() ?? [])]) : undefined
  const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 100)) : 'this'
  const guess = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`
  throw new PosternError('BAD_REQUEST', `${of} has no relation ${shown}.${guess}`)
}

function add(relations: Map<string, Relation> | undefined, type: string, relation: Relation): void {
  if (relations?.has(relation.name)) throw twice(type, relation.name)
  relations?.set(relation.name, relation)
}

/** Several types may lead here under one name; the inverse then leads back to all of them. */
function addInverse(
  relations: Map<string, Relation> | undefined,
  back: { other: string; from: string; inverse: Relation },
): void {
  const known = relations?.get(back.inverse.name)
  if (known !== undefined && (known.direction !== 'in' || known.key !== back.inverse.key))
    throw twice(back.other, back.inverse.name)
  relations?.set(back.inverse.name, { ...back.inverse, to: [...(known?.to ?? []), back.from] })
}

function twice(type: string, name: string): PosternError {
  return new PosternError('BAD_SITE', `Two relations of ${type} are called ${JSON.stringify(name)}.`)
}
