import type { Verb } from '../endpoint/method.ts'
import type { ShownBuiltins } from '../thread/site.ts'

type Said = Pick<ShownBuiltins, 'allowedUrlParams' | 'replacesUrlParams'>
type Names = (verb: Verb) => readonly string[]

/** The name under which a site's code says that it registered query names; no content operation can be called that. */
export const namesRegistered = 'allowedUrlParams'

/** What a site allows in the query strings of built-in endpoints, as it is now: its code may register more at any time. */
export class QueryNames {
  #said: Said | undefined
  #version = 0

  constructor(said: Said | undefined) {
    this.#said = said
  }

  learn(said: Said): void {
    this.#said = said
    this.#version++
  }

  /** An endpoint's own names with the site's, worked out once for each verb until something is learnt. */
  namesOf(endpoint: string, usual: Names): Names {
    const known = new Map<Verb, readonly string[]>()
    let version = this.#version
    return (verb) => {
      if (version !== this.#version) known.clear()
      version = this.#version
      const names = known.get(verb) ?? this.#join(endpoint, verb, usual)
      known.set(verb, names)
      return names
    }
  }

  #join(endpoint: string, verb: Verb, usual: Names): readonly string[] {
    if (!this.#said) return usual(verb)
    const { allowedUrlParams: allowed, replacesUrlParams } = this.#said
    const own = verb === 'GET' ? (allowed[endpoint] ?? []) : []
    return [...new Set([...(replacesUrlParams ? [] : usual(verb)), ...(allowed['__all'] ?? []), ...own])]
  }
}
