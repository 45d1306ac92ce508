import type { Parts } from './parts.ts'

/** The end of this second, so that lists asked for in one second are alike to the store. */
export function second(parts: Pick<Parts, 'now'>): string {
  return `${parts.now().slice(0, 19)}.999Z`
}
