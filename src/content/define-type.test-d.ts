import { allow } from '../rules/allow.ts'
import { defineType, type ObjectOf } from './define-type.ts'
import { field } from './field.ts'

const card = defineType({
  name: 'card',
  fields: {
    name: field.text({ required: true }),
    rank: field.integer(),
    mood: field.select({ options: ['calm', 'wild'], required: true }),
    moods: field.select({ options: ['calm', 'wild'], multiple: true }),
    readers: field.accessList(),
    wage: field.integer({ required: true, read: allow.owner() }),
  },
})

/** Required fields are what they hold; others may be null; a select knows its options; what only some may read may be missing; shared fields are there. */
export function told(one: ObjectOf<typeof card>): unknown {
  const name: string = one.name
  const rank: number | null = one.rank
  const mood: 'calm' | 'wild' = one.mood
  const moods: readonly ('calm' | 'wild')[] | null = one.moods
  const users: readonly number[] | undefined = one.readers?.users
  const wage: number | undefined = one.wage
  const shared: [number, string, string | null] = [one.id, one.slug, one.title]
  // @ts-expect-error a field that is not required may be null
  const certain: number = one.rank
  // @ts-expect-error a field with a read rule may be missing
  const paid: number = one.wage
  // @ts-expect-error there is no such field
  return [name, rank, mood, moods, users, wage, shared, certain, paid, one.colour]
}
