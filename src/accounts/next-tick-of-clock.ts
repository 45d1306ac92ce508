import { setTimeout as sleep } from 'node:timers/promises'

const tick = 5

/**
 * Waits for the next full five milliseconds of a clock that runs by itself. What was answered thereafter shows a few
 * microseconds more or less of work no longer: sums of such answers would show them, and the limits leave no room for sums.
 */
export function nextTickOfClock(): Promise<void> {
  return sleep(tick - (performance.now() % tick))
}
