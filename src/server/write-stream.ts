import type { ServerResponse } from 'node:http'

/** Milliseconds that a reader may take nothing before we hang up. */
const readerPatience = 30_000

export interface StreamAnswer {
  readonly body: ReadableStream<Uint8Array>
  readonly status: number
  /** Names and values in turn. */
  readonly head: string[]
  /** Ends both sides in order. */
  readonly ending: AbortSignal | undefined
}

/**
 * Sends a stream as fast as the reader takes it and no faster. A reader that leaves or stalls cancels the source. What
 * the source fails with is thrown: before its first bytes nothing was sent, and there can be another answer; after them
 * the connection has to be broken, so that half an answer is never taken for a whole one.
 */
export async function writeStream(
  response: ServerResponse,
  { body, status, head, ending }: StreamAnswer,
): Promise<void> {
  const reader = body.getReader()
  const cancel = (): void => void reader.cancel().catch(() => {})
  response.once('close', cancel)
  ending?.addEventListener('abort', cancel)
  if (ending?.aborted === true || response.destroyed) cancel()
  try {
    let next = await reader.read()
    response.writeHead(status, head)
    for (; !next.done; next = await reader.read()) {
      if (!response.write(next.value) && !(await drained(response))) break
    }
  } catch (thrown) {
    if (!response.destroyed) throw thrown
  } finally {
    ending?.removeEventListener('abort', cancel)
  }
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
