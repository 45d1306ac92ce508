import { PosternError } from '../errors/postern-error.ts'

/** How a site writes its roles: each with the roles whose powers it has as well. */
export type RoleSettings = Readonly<Record<string, readonly string[]>>

export interface Roles {
  readonly knows: (name: string) => boolean
  /** Throws INVALID where the site has no such role. */
  readonly refuseUnknown: (names: readonly string[]) => void
  /** The roles themselves and all they inherit, sorted. A name that the site no longer has gives nothing. */
  readonly unfold: (names: readonly string[]) => readonly string[]
}

/** `admin` is always there. A site that declares none takes any well-formed name. */
export function createRoles(settings: RoleSettings | undefined): Roles {
  const declared = new Map(Object.entries<readonly string[]>({ admin: [], ...settings }))
  const open = settings === undefined || Object.keys(settings).length === 0
  const heirs = new Map([...declared.keys()].map((name) => [name, inherited(name, declared, [])]))
  const knows = (name: string): boolean => (open ? isRoleName(name) : declared.has(name))
  return {
    knows,
    refuseUnknown: (names) => {
      const unknown = names.find((name) => !knows(name))
      if (unknown !== undefined) throw unknownRole(unknown, open ? [] : [...declared.keys()])
    },
    unfold: (names) => [...new Set(names.flatMap((name) => heirs.get(name) ?? (open ? [name] : [])))].sort(),
  }
}

export function isRoleName(name: string): boolean {
  return /^[a-z][a-z0-9_-]{0,63}$/.test(name)
}

type Declared = ReadonlyMap<string, readonly string[]>

function inherited(name: string, declared: Declared, above: readonly string[]): readonly string[] {
  const line = [...above, name]
  if (above.includes(name)) throw new PosternError('BAD_SETTING', `Roles inherit in a circle: ${line.join(' → ')}.`)
  if (!isRoleName(name)) throw new PosternError('BAD_SETTING', `${JSON.stringify(name)} is not a name for a role.`)
  const role = declared.get(name)
  if (role === undefined) throw new PosternError('BAD_SETTING', `The role ${line.join(' → ')} is not declared.`)
  return [name, ...role.flatMap((parent) => inherited(parent, declared, line))]
}

function unknownRole(name: string, known: readonly string[]): PosternError {
  const message = known.length === 0 ? 'not a name for a role' : `one of: ${known.join(', ')}`
  return new PosternError('INVALID', `There is no role ${JSON.stringify(name)}.`, {
    errors: [{ path: 'roles', message }],
  })
}
