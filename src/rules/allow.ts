import type { OwnerRule, Rule, Scalar } from '../endpoint/rule.ts'

const ownRow: Rule = Object.freeze({ owner: true })

/** How a site's code writes a rule. Each call yields plain data (see `Rule`), frozen. */
export const allow = Object.freeze({
  everyone: 'everyone' as const,
  /** Any valid API token, or a signed-in user. */
  token: 'token' as const,
  /** A user, by session or by a token that acts for one. */
  user: 'user' as const,
  nobody: 'nobody' as const,
  role: (...names: string[]): Rule => freeze({ role: names }),
  users: (...ids: number[]): Rule => freeze({ users: ids }),
  /** The path parameter is the caller's own id (or public code). */
  self: (options: { param: string; by?: 'id' | 'code' }): Rule =>
    freeze({ self: { param: options.param, by: options.by ?? 'id' } }),
  /** With options: the caller owns the object that the path names. Without: on a type, the caller owns the row. */
  owner: (options?: OwnerRule): Rule => (options ? freeze({ owner: options }) : ownRow),
  /** On a type: the access-list field names the caller or one of the caller's roles. */
  listed: (field: string): Rule => freeze({ listed: field }),
  /** On a type: the row holds exactly these values. */
  where: (values: Readonly<Record<string, Scalar>>): Rule => freeze({ where: values }),
  /** On a type: status is `on` and now is between `published_from` and `published_until`. */
  published: (): Rule => 'published',
  any: (...rules: Rule[]): Rule => freeze({ any: rules }),
  all: (...rules: Rule[]): Rule => freeze({ all: rules }),
  /** The site's own function of that name, in `rules/`; given one, it is registered under the name. */
  when: (name: string, decide?: WhenFunction): Rule => {
    if (decide) heard(name, decide)
    return freeze({ when: name })
  },
})

/** A site's own verdict. Throwing, or anything but `true`, denies; of a type's rows it may give a rule instead, for this caller. */
export type WhenFunction = (facts: WhenFacts) => boolean | Rule | Promise<boolean | Rule>

export interface WhenFacts {
  readonly caller: import('../endpoint/caller.ts').Caller
  readonly params: Readonly<Record<string, unknown>>
  readonly method: string
  readonly path: string
}

let heard: (name: string, decide: WhenFunction) => void = () => {}

/** Tells whoever loads sites of every function that is given to `allow.when`. They know for which site it is; this room does not. */
export function hearWhenFunctions(listener: typeof heard): void {
  heard = listener
}

function freeze<T extends object>(rule: T): Readonly<T> {
  return Object.freeze(rule)
}
