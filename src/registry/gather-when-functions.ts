import { AsyncLocalStorage } from 'node:async_hooks'
import { hearWhenFunctions, type WhenFunction } from '../rules/allow.ts'

/** One map for each load under way: sites that load at the same moment in one process never see each other's. */
const loading = new AsyncLocalStorage<Map<string, WhenFunction>>()
hearWhenFunctions((name, decide) => loading.getStore()?.set(name, decide))

/** Loads a site's files, and gathers what they give to `allow.when` meanwhile. What is given later counts for nothing. */
export async function gatherWhenFunctions<Result>(
  load: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly whenFunctions: ReadonlyMap<string, WhenFunction> }> {
  const gathered = new Map<string, WhenFunction>()
  const result = await loading.run(gathered, load)
  return { result, whenFunctions: new Map(gathered) }
}
