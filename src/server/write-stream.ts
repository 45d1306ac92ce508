import type { ServerResponse } from 'node:http'

/** Milliseconds that a reader may take nothing before we hang up. */
const readerPatience = 30_000

/**
 * Sends a stream as fast as the reader takes it and no faster. A reader that leaves or stalls cancels the source; a
 * source that fails breaks the connection, so that half an answer is never taken for a whole one. `ending` ends both in order.
 */
export async function writeStream(
  response: ServerResponse,
  stream: ReadableStream<Uint8Array>,
  ending?: AbortSignal,
): Promise<void> {
  const reader = stream.getReader()
  const cancel = (): void => void reader.cancel().catch(() => {})
  response.once('close', cancel)
  ending?.addEventListener('abort', cancel)
  if (ending?.aborted === true || response.destroyed) cancel()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (!response.write(next.value) && !(await drained(response))) break
    }
  } catch {
    response.destroy()
  }
  ending?.removeEventListener('abort', cancel)
}

/** False, and the connection ended, where the reader did not take what it asked for. */
async function drained(response: ServerResponse): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const onDrain = (): void => resolve(true)
  const onClose = (): void => resolve(false)
  const timer = setTimeout(onClose, readerPatience)
  response.once('drain', onDrain).once('close', onClose)
  const ready = await promise
  clearTimeout(timer)
  response.off('drain', onDrain).off('close', onClose)
  if (!ready) response.destroy()
  return ready
}
