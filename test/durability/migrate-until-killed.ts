/** Brings a database from one shape to another and back, says so each time, and never ends by itself. */
import { writeSync } from 'node:fs'
import { z } from 'zod'
import { openStore } from '../../src/store/open.ts'
import { allowed, shapes } from './shapes.ts'

const store = await openStore(
  z.object({ url: z.string().optional(), file: z.string() }).parse(JSON.parse(process.argv[2] ?? '')),
)
for (;;) {
  for (const shape of shapes) {
    await store.migrate([shape], { allow: allowed })
    writeSync(1, 'there\n')
  }
}
