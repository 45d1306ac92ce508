import { PosternError, type Place } from '../errors/postern-error.ts'
import type { Workbench } from '../store/port.ts'
import type { Step } from '../store/step.ts'
import type { Table } from '../store/table.ts'
import type { TypeShape, TypeStep } from './step.ts'

/** A table while a step works on it: as it is, and as it shall be. */
export interface Work<Step extends TypeStep = TypeStep> {
  readonly bench: Workbench
  readonly step: Step
  readonly before: Table
  readonly after: Table
  /** Of the type, once the step is taken. */
  readonly fields: TypeShape
  /** Of the step, for what is said of it. */
  readonly at: Place
}

export async function exec(bench: Workbench, ...steps: readonly Step[]): Promise<void> {
  for (const text of steps.flatMap(({ sql }) => sql)) await bench.exec(text)
}

/** What the rows do not allow. The whole file is undone by it. */
export function misfit(at: Place, what: string, hint?: string): PosternError {
  return new PosternError('MIGRATION_MISFIT', `${what} Nothing was changed.`, {
    at,
    ...(hint === undefined ? {} : { hint }),
  })
}
