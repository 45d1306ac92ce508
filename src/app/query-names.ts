import type { Verb } from '../endpoint/method.ts'
import type { ShownBuiltins } from '../thread/site.ts'

type Said = Pick<ShownBuiltins, 'allowedUrlParams' | 'replacesUrlParams'>

/** The name under which a site's code says that it registered query names; no content operation can be called that. */
export const namesRegistered = 'allowedUrlParams'

/** What a site allows in the query strings of built-in endpoints, as it is now: its code may register more at any time. */
export class QueryNames {
  #said: Said | undefined
  readonly #known = new Map<string, readonly string[]>()

  constructor(said: Said | undefined) {
    this.#said = said
  }

  learn(said: Said): void {
    this.#said = said
    this.#known.clear()
  }

  /** An endpoint's own names and the site's; remembered until something is learnt. */
  allowed(endpoint: string, verb: Verb, usual: readonly string[]): readonly string[] {
    if (!this.#said) return usual
    const key = `${endpoint} ${verb} ${usual.join()}`
    const known = this.#known.get(key) ?? joined(this.#said, { endpoint, verb, usual })
    this.#known.set(key, known)
    return known
  }
}

function joined(
  said: Said,
  { endpoint, verb, usual }: { endpoint: string; verb: Verb; usual: readonly string[] },
): readonly string[] {
  const { allowedUrlParams: allowed, replacesUrlParams } = said
  const own = verb === 'GET' ? (allowed[endpoint] ?? []) : []
  return [...new Set([...(replacesUrlParams ? [] : usual), ...(allowed['__all'] ?? []), ...own])]
}
