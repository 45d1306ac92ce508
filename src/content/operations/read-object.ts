import type { StoredObject } from '../../endpoint/content.ts'
import { following, type Awaitable } from '../../errors/awaitable.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Row } from '../../store/port.ts'
import type { Predicate } from '../../store/predicate.ts'
import type { Actor } from '../actor.ts'
import { embed } from '../embed.ts'
import { identified } from '../identified.ts'
import { isNamedValues } from '../named-values.ts'
import { type ObjectType, ownTable } from '../object-types.ts'
import type { Input, Parts } from '../parts.ts'
import { embedTerms, type EmbedTerm } from '../query/embed-request.ts'
import { badValue } from '../query/filter-terms.ts'
import { selectedNames } from '../query/selection.ts'
import { withoutWithheld } from '../seen-types.ts'
import { storedRow } from '../stored.ts'
import { languageOf, translate } from '../translations.ts'
import { visibleOfType } from '../visible.ts'

/**
 * `{ type?, id, query? }`: the object of that id or slug; `null` where there is none that the actor may see. What is wrong with
 * the query is said before looking, or only of an object that is seen: a complaint must not tell that a hidden one exists.
 */
export function readObject(parts: Parts, input: Input, actor: Actor): Awaitable<StoredObject | null> {
  const only = input['type'] === undefined ? undefined : parts.types.named(input['type'])
  const asked = readRequest(input['query'])
  const which = identified(input['id'])
  return following(only ?? typeOf(parts, which), (type) => {
    if (type === undefined || (only === undefined && actor.system === undefined && type.rules.read === undefined))
      return null
    const reading = { parts, actor, type }
    return following(seen(which, reading), (row) => (row === undefined ? null : answered(row, asked, reading)))
  })
}

interface Reading {
  readonly parts: Parts
  readonly actor: Actor
  readonly type: ObjectType
}

/** The row, where the actor may see it. */
function seen(which: Predicate, { parts, actor, type }: Reading): Awaitable<Row | undefined> {
  return following(visibleOfType(type, { parts, actor, right: 'read' }), ({ where }) =>
    parts.read.first({
      from: 'objects',
      as: 'o',
      ...(type.ownNames.length === 0 ? {} : { joins: [ownTable(type)] }),
      select: type.selectAll,
      where: { all: [which, where] },
    }),
  )
}

function answered(row: Row, asked: ReadRequest, reading: Reading): Awaitable<StoredObject> {
  withoutWithheld([row], reading.type)
  const wanted = selected(row, selectedNames(asked.fields, reading.type))
  return asked.lang === undefined && asked.embed.length === 0 ? storedRow(wanted) : withMore(wanted, asked, reading)
}

/** With what other tables hold of it. */
async function withMore(row: Row, { lang, embed: terms }: ReadRequest, reading: Reading): Promise<StoredObject> {
  const { parts, actor, type } = reading
  if (lang !== undefined) await translate([row], lang, { reader: parts.read, typeOf: () => type })
  if (terms.length > 0) await embed([row], terms, { parts, actor, types: [type] })
  return storedRow(row)
}

/** Of the names, those that the row shows. */
function selected(row: Row, names: readonly string[] | undefined): Row {
  if (names === undefined) return row
  return Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]]))
}

function typeOf(parts: Parts, which: Predicate): Awaitable<ObjectType | undefined> {
  const row = parts.read.first({ from: 'objects', as: 'o', select: ['o.object_type'], where: which })
  return following(row, (found) => parts.types.get(found?.['object_type']))
}

/** What is asked of an object, besides which one. */
interface ReadRequest {
  readonly fields: unknown
  readonly lang: string | undefined
  readonly embed: readonly EmbedTerm[]
}

/** Of most objects nothing more is asked (bench: read one). */
const nothingMore: ReadRequest = { fields: undefined, lang: undefined, embed: [] }

function readRequest(query: unknown): ReadRequest {
  const given = query ?? {}
  if (!isNamedValues(given)) throw badValue('fields', 'must be among named values')
  const names = Object.keys(given)
  if (names.length === 0) return nothingMore
  const unknown = names.find((name) => !readNames.includes(name))
  if (unknown !== undefined) throw unknownName(unknown.slice(0, 200))
  const lang = languageOf(given['lang'])
  return { fields: given['fields'], lang, embed: embedTerms(new Map(Object.entries(given)), 1) }
}

function unknownName(name: string): PosternError {
  const detail = `${JSON.stringify(name)} is not a query name of one object; there are ${readNames.join(', ')}.`
  return new PosternError('UNKNOWN_QUERY', detail, { errors: [{ path: `query.${name}`, message: 'unknown name' }] })
}

export const readNames: readonly string[] = ['fields', 'lang', 'embed', 'embed[relations]']
