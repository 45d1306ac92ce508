import type { Verb } from './method.ts'

/** Query names by endpoint, or by group (`_name`); `__all` goes for every endpoint and verb. One name may stand without a list. */
export type UrlParams = Readonly<Record<string, string | readonly string[]>>

/** What a server without a site's own word lets through. */
export const defaultUrlParams: UrlParams = Object.freeze({
  __all: ['access_token', 'token'],
  _pagination: ['page', 'page_size'],
})

const everywhere = '__all'

/**
 * The query names that a site allows. Groups are unfolded when asked, so that the order of registering does not matter.
 * An endpoint's own names go for GET; other verbs take what goes everywhere.
 */
export class UrlParamTable {
  #entries: Map<string, readonly string[]>
  /** Asked for with every request, changed hardly ever. */
  readonly #unfolded = new Map<string, readonly string[]>()
  readonly #listeners: (() => void)[] = []
  #isReplaced = false

  constructor(params: UrlParams = defaultUrlParams) {
    this.#entries = entriesOf(params)
  }

  /** Adds to what is there; `merge: false` puts the map in its place, with nothing left of what was there. */
  register(params: UrlParams, merge = true): void {
    const added = entriesOf(params)
    if (!merge) this.#entries = new Map()
    if (!merge) this.#isReplaced = true
    for (const [key, names] of added)
      this.#entries.set(key, [...new Set([...(this.#entries.get(key) ?? []), ...names])])
    this.#unfolded.clear()
    for (const listener of this.#listeners) listener()
  }

  /** Changes one endpoint or group. */
  set(endpoint: string, names: string | readonly string[], merge = true): void {
    if (!merge) this.#entries.delete(endpoint)
    this.register({ [endpoint]: names })
  }

  /** The names for an endpoint, groups unfolded, with those that go everywhere; sorted. */
  get(endpoint: string): readonly string[] {
    const known = this.#unfolded.get(endpoint)
    if (known) return known
    const names = [...new Set([...this.#unfold(endpoint), ...this.#unfold(everywhere)])].sort()
    this.#unfolded.set(endpoint, names)
    return names
  }

  allowed(endpoint: string, verb: Verb): readonly string[] {
    return verb === 'GET' ? this.get(endpoint) : this.get(everywhere)
  }

  has(endpoint: string): boolean {
    return this.#entries.has(endpoint)
  }

  /** Nothing is left of what the server itself allows. */
  get isReplaced(): boolean {
    return this.#isReplaced
  }

  /** Names of endpoints and groups that something was said of. */
  get keys(): readonly string[] {
    return [...this.#entries.keys()]
  }

  /** Groups that are named somewhere and declared nowhere. */
  get unknownGroups(): readonly string[] {
    const named = [...this.#entries.values()].flat().filter((name) => name.startsWith('_'))
    return [...new Set(named)].filter((name) => !this.#entries.has(name))
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  #unfold(key: string, seen: ReadonlySet<string> = new Set()): readonly string[] {
    if (seen.has(key)) return []
    const inside = new Set([...seen, key])
    return (this.#entries.get(key) ?? []).flatMap((name) =>
      name.startsWith('_') ? this.#unfold(name, inside) : [name],
    )
  }
}

function entriesOf(params: UrlParams): Map<string, readonly string[]> {
  return new Map(Object.entries(params).map(([key, names]) => [key, typeof names === 'string' ? [names] : [...names]]))
}
