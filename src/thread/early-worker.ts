import { SiteWorker } from './site-worker.ts'

/** MB, as long as no site has said otherwise. */
export const usualHeapLimit = 128

let early: SiteWorker | undefined

/** Boots a thread before it is known for which site, so that it loads Postern's modules while the house loads its own. */
export function bootEarly(): void {
  early = new SiteWorker({ heapLimit: usualHeapLimit })
  early.worker.unref()
}

/** The thread that was booted early, for one taker; nothing where there is none. */
export function takeEarly(): SiteWorker | undefined {
  const taken = early
  early = undefined
  return taken
}

/** For a site that turns out to need no thread. */
export async function dropEarly(): Promise<void> {
  await takeEarly()?.end()
}
