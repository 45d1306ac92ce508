import type { Plan } from '../migrations/plan.ts'
import { losesValues, stepText } from '../migrations/step.ts'
import { colour, table } from './print.ts'

/** Steps in words, and whether stored values survive them. */
export function planTable({ steps }: Pick<Plan, 'steps'>): string {
  return table(
    ['values', 'step'],
    steps.map((step) => [losesValues(step) ? colour.red('lost') : 'kept', stepText(step)]),
  )
}
