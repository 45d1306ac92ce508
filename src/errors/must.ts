/** The value, or an error that says why it was believed to be there. For invariants, never for input. */
export function must<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new Error(`Broken invariant: ${why}`)
  return value
}
