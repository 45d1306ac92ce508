/**
 * A condition on the rows of one object type, as plain data: made by rules and by filters, turned into SQL by the store
 * alone. Values are always bound, never spelled into SQL; the shape without its values is the key of a compiled query.
 */
export type Condition =
  | boolean
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly field: string; readonly is: Comparison; readonly value: BoundValue }
  | { readonly field: string; readonly in: readonly BoundValue[] }
  /** The field is a list that holds one of these. */
  | { readonly field: string; readonly has: readonly string[] }
  /** The access-list field names this user, or one of these roles. */
  | { readonly listed: string; readonly user: number | null; readonly roles: readonly string[] }
  /** Status is `on` and now lies between `published_from` and `published_until`. */
  | { readonly published: true }

export type Comparison = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'
export type BoundValue = string | number | boolean | null
