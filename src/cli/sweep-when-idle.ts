import { collectOwnGarbage } from '../thread/own-garbage.ts'

/** ms after listening: whoever started the server has had the first answers by then. */
const pause = 2_000

/**
 * Starting leaves some 25 MB of rubbish that V8 keeps as long as nothing happens. One full collection gives it back; it blocks
 * for about a tenth of a second, so only a server that nobody asks anything is swept, and it is tried again until then.
 */
export function sweepWhenIdle(isIdle: () => boolean): void {
  const timer = setInterval(() => {
    if (!isIdle()) return
    clearInterval(timer)
    collectOwnGarbage()
  }, pause).unref()
}
