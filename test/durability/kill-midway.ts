import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StoreLocation } from '../../src/store/open.ts'

/** Ends a script of this folder with SIGKILL a moment after it said that it began to work on the database. */
export async function killMidway(script: string, location: StoreLocation): Promise<void> {
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env
  const flags = [
    '--conditions=postern-source',
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, script),
    JSON.stringify(location),
  ]
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'], env })
  const ended = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), ended])
  assert.equal(child.exitCode, null, `${script} is at work`)
  await sleep(Math.random() * 60)
  child.kill('SIGKILL')
  await ended
}
