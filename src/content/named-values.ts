import { PosternError } from '../errors/postern-error.ts'

/** Values by name: what objects, changes, params and queries are written as. */
export function isNamedValues(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}

/** Refuses (UNKNOWN_FIELD) values by other names than these. */
export function refuseOtherNames(values: object, names: readonly string[], path: string): void {
  const unknown = Object.keys(values).find((name) => !names.includes(name))
  if (unknown === undefined) return
  const shown = unknown.slice(0, 100)
  throw new PosternError('UNKNOWN_FIELD', `${path} knows ${names.join(', ')}, not ${JSON.stringify(shown)}.`, {
    errors: [{ path: `${path}.${shown}`, message: 'is not known' }],
  })
}
