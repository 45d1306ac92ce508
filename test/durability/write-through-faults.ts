/**
 * A process with 16 writers and a reader that go on whatever they are told. A line each: its own number, `+n` an entry that was
 * acknowledged, `-n` one of which nothing was written, `?n` one that nobody knows of, `r` or `R` a read that failed or not, and
 * `x`, `m` when the store stops writing and writes again.
 */
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isPosternError } from '../../src/errors/postern-error.ts'
import { Observer } from '../../src/observe/observer.ts'
import { openStore } from '../../src/store/open.ts'
import { ledgerSchema, writeEntry } from './ledger.ts'

const [file = '', round = ''] = process.argv.slice(2)
const watching = new Observer([
  {
    note: ({ kind }) => {
      if (kind === 'house.failed') say('x')
      if (kind === 'store.mended') say('m')
    },
  },
])
const store = await openStore({ file }, watching)
await store.migrate([ledgerSchema])
let next = 0
say(String(process.pid))
await Promise.all([reader(), ...Array.from({ length: 16 }, writer)])

async function writer(): Promise<void> {
  for (;;) {
    const entry = next++
    try {
      await writeEntry(store, round, entry)
      say(`+${entry}`)
    } catch (thrown) {
      if (!isPosternError(thrown) || thrown.status !== 503) throw thrown
      say(`${thrown.code === 'OUTCOME_UNKNOWN' ? '?' : '-'}${entry}`)
      await sleep(10)
    }
  }
}

async function reader(): Promise<void> {
  for (;;) {
    try {
      await store.read.first({ from: 'ledger', select: ['entry'] })
      say('R')
    } catch {
      say('r')
    }
    await sleep(5)
  }
}

function say(line: string): void {
  writeSync(1, `${line}\n`)
}
