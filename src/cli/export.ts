import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { exportLines } from '../content/transfer/export-lines.ts'
import type { OpenHouse } from '../app.ts'
import { anonymous, type Caller } from '../endpoint/caller.ts'
import { must } from '../errors/must.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { showProgress } from './progress.ts'
import { UsageError } from './usage-error.ts'

/** As the system, or as a user with exactly what that user may read. */
export const exportCommand: Command = {
  options: {
    type: { type: 'string', value: 'name', doc: 'object type to write out' },
    format: {
      type: 'string',
      value: 'ndjson|csv',
      doc: 'ndjson holds tree, relations and translations too (default: ndjson)',
    },
    out: { type: 'string', value: 'file', doc: 'where to write, .gz to compress (default: standard output)' },
    user: { type: 'string', value: 'name', doc: 'only what this user may read' },
    ...siteOptions,
    ...settingOptions,
  },
  run: (given) =>
    withSite(given, async ({ house }) => {
      const type = given.text('type')
      if (type === undefined) throw new UsageError('Say which type to export: --type artwork')
      const format = given.text('format') ?? 'ndjson'
      if (format !== 'ndjson' && format !== 'csv') throw new UsageError('--format is ndjson or csv')
      const user = given.text('user')
      const actor =
        user === undefined
          ? { caller: anonymous, system: 'postern export' }
          : { caller: await callerOf(house.accounts, user) }
      const out = given.text('out')
      const shown = out === undefined ? undefined : showProgress(type)
      let written = 0
      const progress = (objects: number): void => {
        shown?.tick(objects - written)
        written = objects
      }
      const lines = Readable.from(exportLines({ room: house.room(), actor, type, format, progress }))
      if (out === undefined) await pipeline(lines, process.stdout, { end: false })
      else await writeWhole(lines, resolve(out))
      shown?.done()
    }),
}

/** Under its name once all of it is there: an export that fails leaves the one before as it was. */
async function writeWhole(lines: Readable, file: string): Promise<void> {
  const part = `${file}.part`
  try {
    if (file.endsWith('.gz')) await pipeline(lines, createGzip(), createWriteStream(part))
    else await pipeline(lines, createWriteStream(part))
    await rename(part, file)
  } finally {
    await rm(part, { force: true })
  }
}

async function callerOf(accounts: OpenHouse['accounts'], name: string): Promise<Caller> {
  const { id } = await accounts.requireUser(name)
  return must(await accounts.callerAs(id), 'a user that was found can call')
}
