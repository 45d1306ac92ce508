export interface Shown {
  readonly id: number
  readonly name: string
  readonly roles: readonly string[]
  readonly active: boolean
}

/** A user in one line for people: never more than lists show. */
export function userText({ id, name, roles, active }: Shown): string {
  return `user ${id} ${name}${roles.length > 0 ? ` (${roles.join(', ')})` : ''}${active ? '' : ', out of use'}`
}
