import type { Awaitable } from '../errors/awaitable.ts'
import { PosternError } from '../errors/postern-error.ts'
import { Deadline } from './deadline.ts'
import type { Stage } from './stage.ts'

/**
 * The result, or TIMEOUT after `limit` milliseconds; the call's signal is aborted then, and a later result or rejection
 * of the abandoned work is let go in silence. Work that is done at once costs no timer.
 */
export function within(limit: number, at: Stage, work: () => unknown): Awaitable<unknown> {
  const running = work()
  if (!isThenable(running)) return running
  return new Promise((resolve, reject) => {
    const deadline = new Deadline(limit, () => {
      at.abort.abort()
      reject(new PosternError('TIMEOUT', `No answer within ${limit} ms.`))
    })
    Promise.resolve(running).then(
      (value) => {
        deadline.end()
        resolve(value)
      },
      (thrown: unknown) => {
        deadline.end()
        reject(thrown)
      },
    )
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
