import type { StoredObject } from '../../endpoint/content.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Row } from '../../store/port.ts'
import type { Predicate } from '../../store/predicate.ts'
import type { Actor } from '../actor.ts'
import { embed } from '../embed.ts'
import { identified } from '../identified.ts'
import { isNamedValues } from '../named-values.ts'
import { type ObjectType, ownTable } from '../object-types.ts'
import type { Input, Parts } from '../parts.ts'
import { embedTerms } from '../query/embed-request.ts'
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
export async function readObject(parts: Parts, input: Input, actor: Actor): Promise<StoredObject | null> {
  const only = input['type'] === undefined ? undefined : parts.types.named(input['type'])
  const query = readQuery(input['query'])
  const lang = languageOf(query['lang'])
  const terms = embedTerms(new Map(Object.entries(query)), 1)
  const which = identified(input['id'])
  const type = only ?? (await typeOf(parts, which))
  if (type === undefined || (only === undefined && actor.system === undefined && type.rules.read === undefined))
    return null
  const { where } = await visibleOfType(type, { parts, actor, right: 'read' })
  const seen = await parts.read.first({
    from: 'objects',
    as: 'o',
    ...(type.ownNames.length === 0 ? {} : { joins: [ownTable(type)] }),
    select: type.selectAll,
    where: { all: [which, where] },
  })
  if (seen === undefined) return null
  withoutWithheld([seen], type)
  const row = selected(seen, selectedNames(query['fields'], type))
  if (lang !== undefined) await translate([row], lang, { reader: parts.read, typeOf: () => type })
  if (terms.length > 0) await embed([row], terms, { parts, actor, types: [type] })
  return storedRow(row)
}

/** Of the names, those that the row shows. */
function selected(row: Row, names: readonly string[] | undefined): Row {
  if (names === undefined) return row
  return Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]]))
}

async function typeOf(parts: Parts, which: Predicate): Promise<ObjectType | undefined> {
  const row = await parts.read.first({ from: 'objects', as: 'o', select: ['o.object_type'], where: which })
  return parts.types.get(row?.['object_type'])
}

function readQuery(query: unknown): Readonly<Record<string, unknown>> {
  const given = query ?? {}
  if (!isNamedValues(given)) throw badValue('fields', 'must be among named values')
  const unknown = Object.keys(given).find((name) => !readNames.includes(name))
  if (unknown === undefined) return given
  throw new PosternError(
    'UNKNOWN_QUERY',
    `${JSON.stringify(unknown.slice(0, 200))} is not a query name of one object; there are ${readNames.join(', ')}.`,
    {
      errors: [{ path: `query.${unknown.slice(0, 200)}`, message: 'unknown name' }],
    },
  )
}

export const readNames: readonly string[] = ['fields', 'lang', 'embed', 'embed[relations]']
