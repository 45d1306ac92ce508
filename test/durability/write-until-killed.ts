/** A process with 32 writers that says its own number, then each entry it was promised, on a line each. It never ends by itself. */
import { writeSync } from 'node:fs'
import { z } from 'zod'
import { openStore } from '../../src/store/open.ts'
import { ledgerSchema, writeEntry } from './ledger.ts'

const [given = '{}', round = ''] = process.argv.slice(2)
const store = await openStore(z.object({ url: z.string().optional(), file: z.string() }).parse(JSON.parse(given)))
await store.migrate([ledgerSchema])
let next = 0
writeSync(1, `${process.pid}\n`)
await Promise.all(Array.from({ length: 32 }, writer))

async function writer(): Promise<void> {
  for (;;) {
    const entry = next++
    await writeEntry(store, round, entry)
    writeSync(1, `${entry}\n`)
  }
}
