import type { Schema } from '../schema/standard.ts'
import type { Caller } from './caller.ts'
import type { DefinedEndpoint } from './define-endpoint.ts'
import type { DefinedHook } from './define-hook.ts'

export interface AddonOptions<Settings> {
  readonly name: string
  /** What the site may say of it under `addons` in its config; checked when the site loads. */
  readonly settings?: Schema<Settings>
  /** Each with its own `method` and `path`. A function is given the site's settings. */
  readonly endpoints?: readonly DefinedEndpoint[] | ((settings: Settings) => readonly DefinedEndpoint[])
  readonly hooks?: readonly DefinedHook[] | ((settings: Settings) => readonly DefinedHook[])
  /** Object types, as `defineType` yields them. */
  readonly types?: readonly unknown[]
  /** Functions for `allow.when`, by name. */
  readonly rules?: Readonly<Record<string, (facts: RuleFacts) => boolean | Promise<boolean>>>
}

/** What a site's own rule is told; anything but `true` denies. */
export interface RuleFacts {
  readonly caller: Caller
  readonly params: Readonly<Record<string, unknown>>
  readonly method: string
  readonly path: string
}

export interface DefinedAddon extends AddonOptions<never> {
  readonly [addonMark]: true
}

const addonMark = Symbol.for('postern.addon')
const known = new Set(['name', 'settings', 'endpoints', 'hooks', 'types', 'rules'])

/** A reusable package with the same rooms as a site. Throws on a name it does not know. */
export function defineAddon<Settings = unknown>(options: AddonOptions<Settings>): DefinedAddon {
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined) throw new TypeError(`defineAddon does not know ${JSON.stringify(unknown)}.`)
  if (!options.name) throw new TypeError('defineAddon needs a name.')
  return Object.freeze({ ...options, [addonMark]: true as const }) as unknown as DefinedAddon
}

export function isDefinedAddon(value: unknown): value is DefinedAddon {
  return typeof value === 'object' && value !== null && addonMark in value
}
