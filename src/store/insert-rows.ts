import type { InsertPlan, Row } from './port.ts'

/** The rows of an insert, however many it names. */
export function rowsOf({ values }: InsertPlan): readonly Row[] {
  return isList(values) ? values : [values]
}

function isList(values: InsertPlan['values']): values is readonly Row[] {
  return Array.isArray(values)
}
