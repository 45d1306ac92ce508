import type { Progress } from './define-seed.ts'
import { colour } from './print.ts'

const width = 30
/** Milliseconds between two looks at a bar, and between two lines in a pipe. */
const frame = 50
const pause = 2_000

/** To standard error, so that a result can be piped on: a bar where a person looks, a line now and then where none does. */
export function showProgress(label: string, total?: number): Progress {
  const started = performance.now()
  const { isTTY } = process.stderr
  let count = 0
  let shown = isTTY ? 0 : started

  function tick(more = 1): void {
    count += more
    const now = performance.now()
    if (now - shown < (isTTY ? frame : pause)) return
    shown = now
    process.stderr.write(isTTY ? `\r${bar()}` : `${label}: ${amount()}\n`)
  }

  function done(): void {
    const seconds = ((performance.now() - started) / 1_000).toFixed(1)
    process.stderr.write(
      isTTY ? `\r${bar()} ${colour.dim(`${seconds} s`)}\n` : `${label}: ${amount()} in ${seconds} s\n`,
    )
  }

  function bar(): string {
    const filled = total === undefined || total === 0 ? width : Math.min(width, Math.round((count / total) * width))
    return `  ${label.padEnd(12)} ${colour.green('█'.repeat(filled))}${colour.dim('░'.repeat(width - filled))} ${amount()}`
  }

  function amount(): string {
    const shown = Math.round(count)
    return total === undefined ? String(shown) : `${shown} of ${total}`
  }

  return { tick, done }
}
