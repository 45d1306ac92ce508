import type { Call } from './call.ts'

export interface HookOptions {
  /** A hook with the same id replaces the earlier one. */
  readonly id: string
  /** An endpoint's id, or a pattern in which `*` stands for any text: `objects.create`, `files:*`, `*`. */
  readonly on: string | readonly string[]
  /** Lower runs earlier; hooks of one order run in the order of their ids. */
  readonly order?: number
  /** Returns nothing, or throws to refuse. */
  readonly before?: (call: Call) => unknown
  /** Returns the new result; `undefined` keeps the one it was given. */
  readonly after?: (call: Call, result: unknown) => unknown
}

export interface DefinedHook extends HookOptions {
  readonly [hookMark]: true
}

const hookMark = Symbol.for('postern.hook')
const known = new Set(['id', 'on', 'order', 'before', 'after'])

/** Code that runs before or after endpoints, whoever wrote them. Throws on a name it does not know. */
export function defineHook(options: HookOptions): DefinedHook {
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined) throw new TypeError(`defineHook does not know ${JSON.stringify(unknown)}.`)
  if (!options.id || options.on.length === 0) throw new TypeError('defineHook needs an id and what it is on.')
  if (!options.before && !options.after) throw new TypeError('defineHook needs `before` or `after`.')
  return Object.freeze({ ...options, [hookMark]: true as const })
}

export function isDefinedHook(value: unknown): value is DefinedHook {
  return typeof value === 'object' && value !== null && hookMark in value
}
