import { PosternError, type FieldError } from '../errors/postern-error.ts'
import type { Reader, Row, Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { fieldKinds, Misfit } from './field-kinds.ts'
import { fieldOf, type ObjectType } from './object-types.ts'
import type { Input } from './parts.ts'
import { badValue } from './query/filter-terms.ts'
import { isNamedValues } from './named-values.ts'

/** By language, the localized fields in it; `null` takes the language away. */
export type Translations = ReadonlyMap<string, Row | null>

/** `translations: { it: { title: '…' }, de: null }`, understood. Refuses fields that are not localized, and what does not fit. */
export function parseTranslations(given: unknown, type: ObjectType, path: string): Translations {
  if (given === undefined) return new Map()
  const at = `${path}.translations`
  const errors: FieldError[] = []
  const parsed = Object.entries(namedValues(given, at)).map(([lang, fields]) => {
    if (!languagePattern.test(lang))
      throw refused(at, `${JSON.stringify(lang.slice(0, 40))} is not a language code such as it or pt-BR`)
    return [
      lang,
      fields === null
        ? null
        : parseFields(namedValues(fields, `${at}.${lang}`), { type, path: `${at}.${lang}`, errors }),
    ] as const
  })
  if (parsed.length > mostLanguages) throw refused(at, `holds more than ${mostLanguages} languages`)
  const [first] = errors
  if (first !== undefined) throw new PosternError('INVALID', `${first.path} ${first.message}.`, { errors })
  return new Map(parsed)
}

/** Writes the languages that are spoken of; others stay. */
export async function writeTranslations(
  transaction: Transaction,
  id: number,
  translations: Translations,
): Promise<void> {
  for (const [lang, fields] of translations) {
    const where: Predicate = {
      all: [
        { column: 'object_id', is: 'eq', value: id },
        { column: 'lang', is: 'eq', value: lang },
      ],
    }
    if (fields === null) await transaction.run({ delete: 'translations', where })
    else {
      const known = await transaction.first({ from: 'translations', select: ['fields'], where })
      const values = { object_id: id, lang, fields: { ...(known?.['fields'] as Row | undefined), ...fields } }
      await transaction.run({
        insert: 'translations',
        values,
        onConflict: { columns: ['object_id', 'lang'], update: ['fields'] },
      })
    }
  }
}

/** All languages of an object, for its words and for whoever edits it. Private fields are left out. */
export async function translationsOf(
  reader: Pick<Reader, 'rows'>,
  type: ObjectType,
  id: number,
): Promise<Record<string, Row>> {
  const where: Predicate = { column: 'object_id', is: 'eq', value: id }
  const rows = await reader.rows({
    from: 'translations',
    select: ['lang', 'fields'],
    where,
    order: [{ column: 'lang' }],
  })
  return withoutUntold(
    rows.map((row) => [String(row['lang']), row['fields'] as Row, open(row['fields'] as Row, type)] as const),
  )
}

/** Of these texts, those of fields that the object itself shows. */
export function shownTexts(texts: Readonly<Record<string, Row>>, object: Row): Record<string, Row> {
  const shown = (fields: Row): Row => Object.fromEntries(Object.entries(fields).filter(([name]) => name in object))
  return withoutUntold(Object.entries(texts).map(([lang, fields]) => [lang, fields, shown(fields)]))
}

/** A language in which there is nothing but what is not told is not told either. */
function withoutUntold(texts: readonly (readonly [lang: string, all: Row, told: Row])[]): Record<string, Row> {
  const told = texts.filter(([, all, shown]) => Object.keys(shown).length > 0 || Object.keys(all).length === 0)
  return Object.fromEntries(told.map(([lang, , shown]) => [lang, shown]))
}

/** Puts the texts of a language over those of rows that have any; `lang` then says so. One query, whatever the number of rows. */
export async function translate(
  rows: readonly Row[],
  lang: string | undefined,
  by: { reader: Pick<Reader, 'rows'>; typeOf: (name: unknown) => ObjectType | undefined },
): Promise<void> {
  if (lang === undefined || rows.length === 0) return
  const where: Predicate = {
    all: [
      { column: 'object_id', in: rows.map((row) => Number(row['id'])) },
      { column: 'lang', is: 'eq', value: lang },
    ],
  }
  const found = await by.reader.rows({ from: 'translations', select: ['object_id', 'fields'], where })
  const byId = new Map(found.map((one) => [one['object_id'], one['fields'] as Row]))
  for (const row of rows) {
    const type = by.typeOf(row['object_type'])
    const fields = byId.get(row['id'])
    if (fields === undefined || type === undefined) continue
    const told = Object.entries(open(fields, type)).filter(([name]) => name in row || !type.veils.has(name))
    for (const [name, value] of told) if (name in row && value !== null) row[name] = value
    if ('lang' in row && (told.length > 0 || Object.keys(fields).length === 0)) row['lang'] = lang
  }
}

/** `lang=it`. */
export function languageOf(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string' && languagePattern.test(value)) return value
  throw badValue('lang', 'must be a language code such as it or pt-BR')
}

function open(fields: Row, type: ObjectType): Row {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name]) => type.publicNames.includes(name) && fieldOf(type, name)?.localized === true,
    ),
  )
}

function parseFields(given: Input, into: { type: ObjectType; path: string; errors: FieldError[] }): Row {
  const parsed: Row = {}
  for (const [name, value] of Object.entries(given)) {
    const field = fieldOf(into.type, name)
    const path = `${into.path}.${name.slice(0, 100)}`
    if (field?.localized !== true)
      throw new PosternError('UNKNOWN_FIELD', `${path} is not a field that can be translated.`, {
        errors: [{ path, message: 'cannot be translated' }],
      })
    const fit = value === null ? null : fieldKinds[field.kind].parse(value, field)
    if (fit instanceof Misfit) into.errors.push({ path, message: fit.message })
    else parsed[name] = fit
  }
  return parsed
}

function namedValues(value: unknown, path: string): Input {
  if (isNamedValues(value)) return value
  throw refused(path, 'must be named values')
}

function refused(path: string, message: string): PosternError {
  return new PosternError('INVALID', `${path} ${message}.`, { errors: [{ path, message }] })
}

const languagePattern = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/
const mostLanguages = 100
