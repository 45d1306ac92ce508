import type { Rule } from '../endpoint/rule.ts'
import { PosternError } from '../errors/postern-error.ts'
import { nearest } from '../schema/nearest.ts'
import type { Join, Selected } from '../store/port.ts'
import type { Given, Predicate } from '../store/predicate.ts'
import { constant } from '../store/shape.ts'
import type { TypeData } from './define-type.ts'
import type { Field } from './field.ts'
import { relationsOf, type Relation, type RelationsByType } from './relations.ts'
import { markOf } from './mark.ts'
import { whenNames } from './when-names.ts'
import { sharedFields, sharedNames } from './shared-fields.ts'

/** A type with everything that queries ask of it worked out once. */
export interface ObjectType extends TypeData {
  readonly table: string
  /** With which the type's words begin in the index of words; see `mark.ts`. */
  readonly mark: string
  /** Own fields with a column of their own, in order. */
  readonly ownNames: readonly string[]
  /** Own fields of which no two objects may hold the same value. */
  readonly uniqueNames: readonly string[]
  /** Fields that may be answered, filtered and sorted: shared and own, without the private ones. */
  readonly publicNames: readonly string[]
  readonly selectAll: readonly Selected[]
  readonly selectOwn: readonly Selected[]
  /** As somebody sees the type: fields that count as absent in rows where this (on `o` and `t`) does not hold. */
  readonly veils: ReadonlyMap<string, Predicate>
  /** Own fields that not everybody who may write the object may write. */
  readonly writeRuled: readonly string[]
}

/** The types of a site, found by name or plural. */
export class ObjectTypes {
  readonly all: readonly ObjectType[]
  /** Sections whose rules hold for what lies below them; mostly none, and then nothing is asked of the tree. */
  readonly guards: readonly ObjectType[]
  /** The site's own functions that the types' rules ask. */
  readonly whenNames: readonly string[]
  /** Types of which not everybody who reads an object may read every field. */
  readonly readRuled: readonly ObjectType[]
  readonly #marks: readonly string[]
  readonly #byName = new Map<string, ObjectType>()
  readonly #relations: RelationsByType

  /** `like`: the same types, some of which stand here as somebody sees them. */
  constructor(types: readonly TypeData[], like?: { readonly of: ObjectTypes; readonly all: readonly ObjectType[] }) {
    this.all = like?.all ?? types.map(prepared)
    for (const type of this.all) this.#add(type)
    this.#relations = like === undefined ? relationsOf(types) : like.of.#relations
    this.guards = this.all.filter(({ section, below = {} }) => section && Object.keys(below).length > 0)
    this.whenNames = like?.of.whenNames ?? [...new Set(types.flatMap(rulesOf).flatMap(whenNames))]
    this.#marks = this.all.map(({ mark }) => mark)
    this.readRuled = this.all.filter((type) => Object.values(type.fields).some((one) => one.read !== undefined))
  }

  /** The same types with some in place of those of their names. */
  with(seen: readonly ObjectType[]): ObjectTypes {
    const byName = new Map(seen.map((type) => [type.name, type]))
    return new ObjectTypes([], { of: this, all: this.all.map((type) => byName.get(type.name) ?? type) })
  }

  /** By name or plural; `undefined` for everything else. */
  get(name: unknown): ObjectType | undefined {
    return typeof name === 'string' ? this.#byName.get(name) : undefined
  }

  /** Whether the words of this type are no other type's. */
  isMarkOwn({ mark }: ObjectType): boolean {
    return this.#marks.indexOf(mark) === this.#marks.lastIndexOf(mark)
  }

  relationsOf(type: ObjectType): ReadonlyMap<string, Relation> {
    return this.#relations.get(type.name) ?? new Map<string, Relation>()
  }

  /** Refuses a name that nobody declared. */
  named(name: unknown): ObjectType {
    const type = this.get(name)
    if (type !== undefined) return type
    const near =
      typeof name === 'string'
        ? nearest(
            name,
            this.all.map((one) => one.name),
          )
        : undefined
    const guess = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`
    const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 100)) : 'this'
    throw new PosternError('INVALID', `There is no object type ${shown}.${guess}`, {
      errors: [{ path: 'object_type', message: 'is not an object type' }],
    })
  }

  #add(type: ObjectType): void {
    for (const name of new Set([type.name, type.plural])) {
      const other = this.#byName.get(name)
      if (other !== undefined)
        throw new PosternError(
          'BAD_SITE',
          `Two object types are called ${JSON.stringify(name)}: ${other.name} and ${type.name}.`,
          type.origin === undefined ? {} : { at: type.origin },
        )
      this.#byName.set(name, type)
    }
  }
}

/** The field of that name, shared or own; private ones too. */
export function fieldOf(type: ObjectType | undefined, name: string): Field | undefined {
  if (Object.hasOwn(sharedFields, name)) return sharedFields[name]
  return type !== undefined && Object.hasOwn(type.fields, name) ? type.fields[name] : undefined
}

/** The column that holds the field, where objects are `o` and the type's own table is `t`. */
export function columnFor(name: string): string {
  return Object.hasOwn(sharedFields, name) ? `o.${name}` : `t.${name}`
}

/** Joins the type's own table as `t`. */
export function ownTable({ table }: ObjectType): Join {
  const known = ownTables.get(table)
  if (known !== undefined) return known
  const join: Join = constant({ table, as: 't', on: { column: 't.id', is: 'eq', other: 'o.id' } as const })
  ownTables.set(table, join)
  return join
}

const ownTables = new Map<string, Join>()

/** What a field is compared and sorted by where it is somebody's to read; see `veils`. */
export function shownColumn(type: ObjectType | undefined, name: string): Given {
  const given = type?.veils.get(name)
  return given === undefined ? { column: columnFor(name) } : { column: columnFor(name), given }
}

/** Everything that queries ask of a type. */
export function prepared(type: TypeData): ObjectType {
  const ownNames = Object.keys(type.fields)
  const open = ownNames.filter((name) => type.fields[name]?.private !== true)
  return Object.freeze({
    ...type,
    table: `type_${type.name}`,
    mark: markOf(type.name),
    ownNames,
    uniqueNames: ownNames.filter((name) => type.fields[name]?.unique === true),
    publicNames: [...sharedNames, ...open],
    selectAll: constant(Object.freeze([...sharedNames, ...open].map(columnFor))),
    selectOwn: ['t.id', ...open.map(columnFor)],
    veils: noVeils,
    writeRuled: ownNames.filter((name) => isWriteRuled(type.fields[name])),
  })
}

/** A unique field that somebody may not read is not theirs to write either: a refusal would tell what others hold. */
function isWriteRuled(field: Field | undefined): boolean {
  return field?.write !== undefined || (field?.unique === true && field.read !== undefined)
}

function rulesOf({ rules, below = {}, fields }: TypeData): Rule[] {
  const ofFields = Object.values(fields).flatMap(({ read, write }) => [read ?? [], write ?? []].flat())
  const ofRows: readonly Readonly<Record<string, Rule>>[] = [{ ...rules }, { ...below }]
  return [...ofRows.flatMap((each) => Object.values(each)), ...ofFields]
}

const noVeils: ObjectType['veils'] = new Map()
