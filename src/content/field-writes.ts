import { PosternError, type FieldError } from '../errors/postern-error.ts'
import { allOf } from '../rules/to-condition.ts'
import type { Condition } from '../schema/condition.ts'
import type { Reader } from '../store/port.ts'
import { verdict } from './access.ts'
import { mayGiveServerFields, type Actor } from './actor.ts'
import { lower } from './lower.ts'
import { isNamedValues } from './named-values.ts'
import { ownTable, type ObjectType } from './object-types.ts'
import type { Input, Parts } from './parts.ts'
import { second } from './second.ts'
import { fieldCondition } from './seen-types.ts'
import { whenNames } from './when-names.ts'

/** What somebody wants to write of an object. */
export interface Written {
  readonly type: ObjectType
  /** Fields by name, and beside them `translations`. */
  readonly fields: Input
  /** Where they were given, for errors: `body`, `body.3`. */
  readonly path: string
}

/** A field that may be written where the row is like this. */
export interface FieldToAsk {
  readonly name: string
  readonly path: string
  readonly condition: Condition
}

interface By {
  readonly parts: Parts
  readonly actor: Actor
}

/** Refuses (FIELD_FORBIDDEN) fields that the actor may write in no row at all, and gives back those for which the row decides. */
export async function fieldsToAsk(written: Written, by: By): Promise<readonly FieldToAsk[]> {
  const { type } = written
  if (type.writeRuled.length === 0 || mayGiveServerFields(by.actor)) return nothing
  const named = namedFields(written)
  const asked = await Promise.all(
    named.map(async ([name, path]) => ({ name, path, condition: await mayWrite(type, name, by) })),
  )
  const refused = asked.filter((one) => one.condition === false)
  if (refused.length > 0) throw forbidden(type, refused, by.actor)
  return asked.filter((one) => one.condition !== true)
}

/** Asks the row itself: as it is before an update, as it was just made by a creation. */
export async function askRow(
  reader: Pick<Reader, 'first'>,
  row: { readonly type: ObjectType; readonly id: number; readonly asked: readonly FieldToAsk[] },
  { parts, actor }: By,
): Promise<void> {
  const { type, id, asked } = row
  if (asked.length === 0) return
  const scope = { type, joined: true, as: 'o', now: second(parts) }
  const found = await reader.first({
    from: 'objects',
    as: 'o',
    joins: [ownTable(type)],
    select: asked.map(({ condition }, index) => ({ test: lower(condition, scope), as: `may${index}` })),
    where: { column: 'o.id', is: 'eq', value: id },
  })
  const refused = asked.filter((_one, index) => found?.[`may${index}`] !== 1)
  if (refused.length > 0) throw forbidden(type, refused, actor)
}

/** Every place at which a field with a rule is written. A language that is taken away takes all its texts along. */
function namedFields({ type, fields, path }: Written): (readonly [name: string, path: string])[] {
  const own = type.writeRuled.filter((name) => Object.hasOwn(fields, name))
  const texts = isNamedValues(fields['translations']) ? Object.entries(fields['translations']) : []
  const translated = texts.flatMap(([lang, given]) => {
    const at = `${path}.translations.${lang.slice(0, 40)}`
    if (isNamedValues(given))
      return type.writeRuled
        .filter((name) => Object.hasOwn(given, name))
        .map((name) => [name, `${at}.${name}`] as const)
    return type.writeRuled.filter((name) => type.fields[name]?.localized === true).map((name) => [name, at] as const)
  })
  return [...own.map((name) => [name, `${path}.${name}`] as const), ...translated]
}

/** Of a unique field the rule for reading holds too: that a value is taken tells what others hold. */
async function mayWrite(type: ObjectType, name: string, { parts, actor }: By): Promise<Condition> {
  const { read, write, unique } = type.fields[name] ?? {}
  const rules = [write, unique === true ? read : undefined].filter((rule) => rule !== undefined)
  const names = [...new Set(rules.flatMap(whenNames))]
  const decided = new Map(
    await Promise.all(names.map(async (one) => [one, await verdict(one, { actor, decide: parts.decide })] as const)),
  )
  return allOf(rules.map((rule) => fieldCondition(rule, { caller: actor.caller, decided })))
}

function forbidden(type: ObjectType, refused: readonly FieldToAsk[], { caller }: Actor): PosternError {
  const errors: FieldError[] = refused.map(({ path }) => ({ path, message: 'may not be written by this caller' }))
  const paths = errors.map((one) => one.path).join(', ')
  const code = caller.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FIELD_FORBIDDEN'
  return new PosternError(code, `This caller may not write ${paths} of ${type.name}.`, { errors })
}

const nothing: readonly FieldToAsk[] = []
