import { sessionToken } from './house.ts'

export type Connection = 'live' | 'lost'

/**
 * Follows the server's events until the signal ends it: `changed` for each, and once after each new connection, because
 * something may have changed in between. Read with fetch, as EventSource cannot carry a credential.
 */
export async function watch(
  changed: () => void,
  told: (connection: Connection) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let first = true; !signal.aborted; first = false) {
    try {
      const token = sessionToken()
      const answer = await fetch('/api/explorer/events', {
        signal,
        headers: token ? { authorization: `Bearer ${token}` } : {},
      })
      // Asking for the table renews a session that has expired, or leads to signing in.
      if (answer.status === 401) changed()
      if (!answer.ok || !answer.body) throw new Error(`No events: ${answer.status}`)
      told('live')
      if (!first) changed()
      await readEvents(answer.body, changed)
    } catch {
      if (signal.aborted) return
    }
    told('lost')
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

async function readEvents(body: ReadableStream<Uint8Array>, changed: () => void): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  for (let rest = ''; ;) {
    const { value, done } = await reader.read()
    if (done) return
    const events = (rest + value).split('\n\n')
    rest = events.pop() ?? ''
    if (events.some((event) => event.startsWith('event: changed'))) changed()
  }
}
