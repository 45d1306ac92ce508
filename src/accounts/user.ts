import type { Row } from '../store/port.ts'
import { z } from 'zod'

/** A user as the room knows one. Password and second factor stay in the database. */
export interface User {
  readonly id: number
  readonly name: string
  readonly email: string | null
  /** Public and random: it may stand in a URL where an id would tell how many users there are. */
  readonly code: string
  /** As given, without what they inherit. */
  readonly roles: readonly string[]
  readonly active: boolean
  /** When the e-mail address was proved. */
  readonly verified: string | null
  readonly created: string
  readonly modified: string
}

/** The one form in which a user leaves the house, whatever the endpoint. */
export function userJson(user: User) {
  const { id, name, email, code, roles, active, verified, created, modified } = user
  return { id, name, email, code, roles, active, verified, created, modified }
}

export const userColumns = [
  'id',
  'name',
  'email',
  'code',
  'roles',
  'active',
  'verified',
  'created',
  'modified',
] as const

export function userOf(row: Row): User {
  return userShape.parse(row)
}

/** As it is stored, and as it leaves the house. */
export const userShape = z.object({
  id: z.number(),
  name: z.string(),
  email: z.string().nullable(),
  code: z.string(),
  roles: z.array(z.string()),
  active: z.boolean(),
  verified: z.string().nullable(),
  created: z.string(),
  modified: z.string(),
})
