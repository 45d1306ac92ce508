import type { MessagePort } from 'node:worker_threads'
import { describeThrown } from './error-data.ts'
import { exposureData } from './exposure-data.ts'
import type { LifeMessage, LoadedData, LoadMessage } from './protocol.ts'
import { SharedState } from './shared-state.ts'
import type { LoadSite, SiteCode } from './site-code.ts'
import { createRuntime } from './site-runtime.ts'
import { SiteThread } from './site-thread.ts'

/** A thread's whole life: waits for the name of a site, loads it, and runs what the house asks of it until it is ended. */
export function serveSite(port: MessagePort, load: LoadSite): void {
  const say = (message: LifeMessage) => port.postMessage(message)
  let shared: SharedState | undefined
  let doomed = false
  const doom = (thrown: unknown) => {
    if (!doomed) say({ life: 'uncaught', stack: describeThrown(thrown), lastBegun: shared?.lastBegun ?? 0 })
    doomed = true
  }
  process.on('uncaughtException', doom)
  port.once('message', (message: LoadMessage) => {
    shared = new SharedState(message.shared)
    const thread = new SiteThread(port, shared)
    port.on('message', (values: readonly unknown[]) => thread.receive(values))
    load(message.load, thread.house)
      .then((outcome) => {
        if ('broken' in outcome) return say({ life: 'broken', problems: outcome.broken })
        const runtime = createRuntime(outcome.code)
        thread.serve(runtime, outcome.code.services)
        say({ life: 'loaded', site: dataOf(outcome.code, runtime) })
      })
      .catch(doom)
  })
  say({ life: 'ready' })
}

function dataOf({ settings, types, loaded }: SiteCode, runtime: ReturnType<typeof createRuntime>): LoadedData {
  const { records, hooks, whenNames } = runtime
  return {
    records,
    hooks,
    whenNames,
    settings,
    types,
    exposure: exposureData(loaded.exposure),
    packages: loaded.packages ?? [],
    problems: loaded.problems,
  }
}
