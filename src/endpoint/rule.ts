/**
 * Who may, as data: JSON in, JSON out. The shape lives here because a record carries one; what it means is the room
 * `rules`. `param` names a path parameter; segments of a manifest are turned into parameters by its source.
 */
export type Rule =
  | 'everyone'
  | 'token'
  | 'user'
  | 'nobody'
  | { readonly role: readonly string[] }
  | { readonly users: readonly number[] }
  | { readonly self: { readonly param: string; readonly by: 'id' | 'code' } }
  | { readonly owner: OwnerRule | true }
  | { readonly listed: string }
  | { readonly where: Readonly<Record<string, Scalar>> }
  | 'published'
  | { readonly when: string }
  | { readonly any: readonly Rule[] }
  | { readonly all: readonly Rule[] }

export type Scalar = string | number | boolean | null

/** The caller owns the object of `type` whose field `by` equals the path parameter `param`. */
export interface OwnerRule {
  readonly type: string
  readonly by: string
  readonly param: string
}
