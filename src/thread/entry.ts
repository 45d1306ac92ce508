/**
 * The composition root of a site's thread: fits the rooms that load a site to the thread's life. They are imported only
 * once the compile cache is on: a thread then starts in a quarter of the time.
 */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

enableCompileCache()
const [{ loadSiteCode }, { serveSite }, { must }] = await Promise.all([
  import('../app/load-site-code.ts'),
  import('./serve-site.ts'),
  import('../errors/must.ts'),
  import('../index.ts'),
])
serveSite(must(parentPort, 'this file is the entry of a thread'), async (asked, house) => {
  const outcome = await loadSiteCode(asked, house)
  setImmediate(flushCompileCache)
  return outcome
})
// Only now: whoever has a site to load already need not wait for it.
if (isWarm(workerData)) await import('./warm-up.ts').then(({ warmUp }) => warmUp())

function isWarm(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'warm' in data && data.warm === true
}
