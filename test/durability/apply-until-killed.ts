/** Applies files of `migrations/` one after the other, says so each time, and never ends by itself. */
import { writeSync } from 'node:fs'
import { z } from 'zod'
import { applyFiles } from '../../src/migrations/apply.ts'
import { readState } from '../../src/migrations/state.ts'
import { openStore } from '../../src/store/open.ts'
import { filesUpTo, typesNow } from './turning-files.ts'

const store = await openStore(
  z.object({ url: z.string().optional(), file: z.string() }).parse(JSON.parse(process.argv[2] ?? '')),
)
const { applied } = await store.reshape((bench) => readState(bench, { types: typesNow, files: [] }))
for (let count = applied.size + 1; ; count++) {
  await applyFiles(store, { types: typesNow, files: filesUpTo(count) })
  writeSync(1, 'there\n')
}
