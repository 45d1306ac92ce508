import type { Endpoint } from '../endpoint/record.ts'
import type { Rule } from '../endpoint/rule.ts'
import type { Verb } from '../endpoint/method.ts'
import { gained } from './gained.ts'
import { outlook, type CallerKind, type Outlook } from './outlook.ts'

export interface AccessMatrix {
  /** `anonymous`, `token`, `user`, each role as `role <name>`, `owner`. */
  readonly callers: readonly string[]
  readonly rows: readonly AccessRow[]
}

export interface AccessRow {
  readonly id: string
  readonly method: Verb
  readonly path: string
  /** In the order of `callers`. */
  readonly access: readonly Outlook[]
}

/** Roles of a site, each with those whose powers it has as well; those that only rules name need not be among them. */
export type RoleTree = Readonly<Record<string, readonly string[]>>

/**
 * Endpoint × kind of caller, from the rules alone. `user` is a signed-in user without roles, `role …` one with
 * that role and what it inherits, both speaking of what is not theirs; `owner` is a user without roles whom the path speaks of. `others` are roles
 * that are named elsewhere than in endpoints' rules. Sorted by path and verb, so that the printed table can be kept in git and compared.
 */
export function accessMatrix(
  endpoints: readonly Endpoint[],
  roles: RoleTree = {},
  others: readonly string[] = [],
): AccessMatrix {
  const ruled = endpoints.flatMap((endpoint) => rolesIn(endpoint.rule))
  const named = [...new Set([...Object.keys(roles), ...ruled, ...others])].toSorted(byText)
  const callers = ['anonymous', 'token', 'user', ...named.map((role) => `role ${role}`), 'owner']
  const kinds = callers.map((caller) => callerKind(caller, roles))
  const rows = endpoints.flatMap(({ id, methods, path, rule }) =>
    methods.map((method) => ({ id, method, path, access: kinds.map((kind) => outlook(rule, kind)) })),
  )
  return {
    callers,
    rows: rows.toSorted((a, b) => byText(a.path, b.path) || byText(a.method, b.method)),
  }
}

/** What a column of the matrix stands for. */
export function callerKind(caller: string, roles: RoleTree): CallerKind {
  if (caller === 'anonymous') return { kind: 'anonymous' }
  if (caller === 'token') return { kind: 'token', tokenId: 0, name: '' }
  if (caller === 'owner') return { kind: 'owner', roles: [] }
  return { kind: 'stranger', roles: caller.startsWith('role ') ? withInherited(caller.slice(5), roles) : [] }
}

/** What became more open from one matrix to the next; a new endpoint counts as closed before. */
export function openedUp(before: AccessMatrix, after: AccessMatrix): readonly string[] {
  return after.rows.flatMap(({ method, path, access }) => {
    const old = before.rows.find((other) => other.method === method && other.path === path)
    const was = { callers: before.callers, access: old?.access ?? [] }
    return gained(was, { callers: after.callers, access }).map((gain) => `${method} ${path}: ${gain}`)
  })
}

/** A site whose roles inherit in a circle does not start. */
function withInherited(role: string, roles: RoleTree): readonly string[] {
  return [role, ...(roles[role] ?? []).flatMap((parent) => withInherited(parent, roles))]
}

/** The roles that a rule names. */
export function rolesIn(rule: Rule | undefined): readonly string[] {
  if (rule === undefined || typeof rule === 'string') return []
  if ('role' in rule) return rule.role
  if ('any' in rule) return rule.any.flatMap(rolesIn)
  return 'all' in rule ? rule.all.flatMap(rolesIn) : []
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
