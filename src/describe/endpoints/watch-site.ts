import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import type { Changes } from '../changes.ts'
import { explorerRule } from '../explorer-rule.ts'
import type { DescribePorts } from '../ports.ts'

const beat = 15_000

/** A server-sent event `changed` for each swap and each broken file; the page then asks again for what it shows. */
export function watchSite(ports: DescribePorts): DefinedEndpoint {
  return defineEndpoint({
    id: 'explorer.events',
    description: 'Tells the explorer, as server-sent events, that the site has changed.',
    authorize: explorerRule(ports),
    handler: ({ signal }) =>
      new Response(stream(ports.changes, signal), {
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        },
      }),
  })
}

function stream(changes: Changes, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let stop = (): void => undefined
  return new ReadableStream({
    start: (controller) => {
      const say = (text: string): void => controller.enqueue(encoder.encode(text))
      const end = (): void => {
        stop()
        controller.close()
      }
      const timer = setInterval(() => say(': still here\n\n'), beat)
      timer.unref()
      const unsubscribe = changes.subscribe({ changed: () => say('event: changed\ndata: {}\n\n'), ended: end })
      signal.addEventListener('abort', end, { once: true })
      stop = () => {
        clearInterval(timer)
        unsubscribe()
        signal.removeEventListener('abort', end)
      }
      say('retry: 1000\n\n')
    },
    cancel: () => stop(),
  })
}
