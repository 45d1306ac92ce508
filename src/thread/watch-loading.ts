import type { Worker } from 'node:worker_threads'
import type { Place } from '../errors/postern-error.ts'
import type { SiteProblem } from '../registry/site-folder.ts'
import { fatalProblem } from '../registry/site-problem.ts'
import { siteFile } from './stack-frames.ts'
import { lookInto } from './thread-probe.ts'

export interface LoadingThread {
  /** Unique in the process. */
  readonly name: string
  readonly worker: Worker
}

/** ms between two looks. */
const usualPause = 1_000
/** Looks in a row at which the thread did not come back from one file. */
const enough = 8
const lookPatience = 500

/**
 * Looks now and then where a thread is that still loads its site. One that stays in one file of the site and never comes back
 * to its event loop is told of: whoever waits for it would wait for ever. A loop that V8 has compiled shows itself to nobody;
 * it goes by where it was seen before. Returns what ends the watch.
 */
export function watchLoading(
  { name, worker }: LoadingThread,
  root: string,
  { blocked, pause = usualPause }: { blocked: (problem: SiteProblem) => void; pause?: number },
): () => void {
  let seen: Place | undefined
  let times = 0
  let before = worker.performance.eventLoopUtilization()
  const look = async (): Promise<void> => {
    const now = worker.performance.eventLoopUtilization()
    const isBusy = worker.performance.eventLoopUtilization(now, before).utilization > 0.99
    before = now
    const frames = isBusy ? await lookInto(name, lookPatience) : []
    const file = frames.map((frame) => siteFile(root, frame)).find((one) => one !== undefined)
    const stays = isBusy && (frames.length === 0 || file === seen?.file)
    times = stays ? times + 1 : 0
    if (file !== undefined) seen = { file }
    if (times === enough) blocked(problemAt(root, seen ?? { file: '.' }))
  }
  const timer = setInterval(() => void look(), pause)
  return () => clearInterval(timer)
}

function problemAt(root: string, at: Place): SiteProblem {
  const what = at.file === '.' ? 'A file of the site' : at.file
  const message = `${what} cannot be loaded: it blocks its thread, in a loop that does not end or in work that takes too long.`
  const hint = 'What stands at the top of a module runs each time it is loaded.'
  return fatalProblem(root, at, { message, hint })
}
