/** In a query string the `=` between name and value is a part of the operator: `?age>=30` has the name `age>`. */
const beforeEquals: Readonly<Record<string, string>> = { '>': '>=', '<': '<=', '!': '!=' }

/**
 * Conditions of a query string as they stand in a body: `?age>=30` is `{ "age >=": "30" }` and `?age>30` is
 * `{ "age >": "30" }`. A name with a space before its operator (`?age <=30`) says it all itself.
 */
export function conditionsOf(query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => conditionOf(name, value)))
}

function conditionOf(name: string, value: unknown): readonly [string, unknown] {
  const found = /^((?:(?:OR|AND) )?\w+)([><!])([^]*)$/.exec(name)
  const [, field = '', operator = '', rest = ''] = found ?? []
  if (!found) return [name, value]
  if (rest === '') return [`${field} ${beforeEquals[operator]}`, value]
  return value === '' && !rest.startsWith('=') ? [`${field} ${operator}`, rest] : [name, value]
}
