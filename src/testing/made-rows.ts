import type { Field, FieldKindName } from '../content/field.ts'
import type { Rule } from '../endpoint/rule.ts'
import { must } from '../errors/must.ts'
import type { TestSite } from './test-site.ts'

/** Values that a type's rows need and that cannot be made up, by the type's name. */
export type RowValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** A user, in so far as paths name one. */
export interface Named {
  readonly id: number
  readonly code: string
}

/** Makes rows that rules on paths speak of: each with values of its own, owned by whom it is told. */
export class MadeRows {
  readonly #site: TestSite
  readonly #values: RowValues
  #count = 0

  constructor(site: TestSite, values: RowValues) {
    this.#site = site
    this.#values = values
  }

  /** What to put into a path for its parameters, so that the rule finds this user there, or a row of theirs. */
  async paramsFor(rule: Rule | undefined, user: Named): Promise<Readonly<Record<string, string>>> {
    const params: Record<string, string> = {}
    for (const one of partsOf(rule)) {
      if ('self' in one) params[one.self.param] ??= one.self.by === 'id' ? String(user.id) : user.code
      if (!('owner' in one) || one.owner === true) continue
      const { param, type, by } = one.owner
      params[param] ??= String((await this.make(type, user.id))[by])
    }
    return params
  }

  /** A row of the type that this user owns. */
  async make(type: string, owner: number): Promise<Readonly<Record<string, unknown>>> {
    const { content, room } = this.#site.house
    const { name, fields } = must(room().types.get(type), `the site has a type ${type}`)
    const number = ++this.#count
    const made = Object.entries(fields)
      .filter(([, field]) => field.required === true || field.unique === true)
      .map(([key, field]) => [key, valueFor(field, number)] as const)
    const values = { title: `Row ${number}`, ...Object.fromEntries(made), ...this.#values[name], owner }
    const { id } = await content.create(name, values)
    return { ...values, id }
  }
}

/** The rules that a rule is made of, as far as they are objects. */
function partsOf(rule: Rule | undefined): readonly Exclude<Rule, string>[] {
  if (rule === undefined || typeof rule === 'string') return []
  if ('any' in rule) return rule.any.flatMap(partsOf)
  return 'all' in rule ? rule.all.flatMap(partsOf) : [rule]
}

function valueFor(field: Field, number: number): unknown {
  return makers[field.kind]?.(field, number)
}

const text = ({ minLength = 1, maxLength }: Field, number: number): string =>
  `made${number}`.padEnd(minLength, 'x').slice(0, maxLength)
const figure = ({ unique, minimum = 0 }: Field, number: number): number =>
  unique === true ? minimum + number : minimum

/** Of the kinds that are not here nothing can be made up. */
const makers: { readonly [Kind in FieldKindName]?: (field: Field, number: number) => unknown } = {
  text,
  richText: text,
  slug: (_field, number) => `made-${number}`,
  integer: figure,
  number: figure,
  boolean: () => true,
  date: () => '2026-01-31',
  datetime: () => '2026-01-31T12:00:00Z',
  select: ({ options = [], multiple }) => (multiple === true ? options.slice(0, 1) : options[0]),
  tags: () => [],
}
