import type { SelectPlan } from './port.ts'
import type { Column, Table } from './table.ts'

type Tables = ReadonlyMap<string, Table>

/** What a plan's column is, where its table is known. */
export function columnOf(column: string, plan: SelectPlan, tables: Tables): Column | undefined {
  return tableOf(column, plan, tables)?.columns[column.split('.').at(-1) ?? '']
}

/** The table that a column, with its alias or bare, belongs to. */
export function tableOf(column: string, plan: SelectPlan, tables: Tables): Table | undefined {
  const [first = '', second] = column.split('.')
  const own = plan.as ?? plan.from
  const alias = second === undefined ? own : first
  const table = alias === own ? plan.from : plan.joins?.find((join) => join.as === alias)?.table
  return tables.get(table ?? '')
}
