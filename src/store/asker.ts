import { AsyncLocalStorage } from 'node:async_hooks'

/** The signal of an asker's leaving, made only where somebody looks. */
export type Leaving = () => AbortSignal

const asking = new AsyncLocalStorage<Leaving>()

/** What is read while this works is read for one asker: a database that can gives up what runs when they have left. */
export function askingFor<Result>(leaving: Leaving, work: () => Result): Result {
  return asking.run(leaving, work)
}

/** Of whoever is asked for now; nobody may be known. */
export function leavingNow(): Leaving | undefined {
  return asking.getStore()
}
