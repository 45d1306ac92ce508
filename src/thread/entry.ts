/**
 * The composition root of a site's thread: fits the rooms that load a site to the thread's life. They are imported only
 * once the compile cache is on: a thread then starts in a quarter of the time.
 */
import { enableCompileCache, flushCompileCache, stripTypeScriptTypes } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

enableCompileCache()
const [{ loadSiteCode }, { serveSite }, { must }] = await Promise.all([
  import('../app/load-site-code.ts'),
  import('./serve-site.ts'),
  import('../errors/must.ts'),
  import('../index.ts'),
])
if (isWarm(workerData)) warmStripper()
serveSite(must(parentPort, 'this file is the entry of a thread'), async (asked, house) => {
  const outcome = await loadSiteCode(asked, house)
  setImmediate(flushCompileCache)
  return outcome
})

function isWarm(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'warm' in data && data.warm === true
}

/** The first TypeScript file that is not in the cache costs some 40 ms more than the next: better now than after a save. */
function warmStripper(): void {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => {}
  stripTypeScriptTypes('export const warm: boolean = true')
  process.emitWarning = emitWarning
}
