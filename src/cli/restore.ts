import { resolve } from 'node:path'
import { databaseOf } from '../app/database-place.ts'
import { restoreStore } from '../store/backup.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { siteFolder } from './open-site.ts'
import { say, sayJson } from './print.ts'
import { settingsOf } from './settings-of.ts'

export const restore: Command = {
  positionals: [{ name: 'file', doc: 'a backup; what is in the database now is backed up beside it first' }],
  options: { ...siteOptions, ...settingOptions },
  run: async (given) => {
    const settings = await settingsOf(given, siteFolder(given))
    const file = resolve(given.positional(0))
    const report = await restoreStore(databaseOf(settings), file)
    if (given.has('json')) return sayJson({ file, ...report })
    const kept = report.kept === undefined ? '' : ` What was there before is in ${report.kept}.`
    return say(`The database is as it was in ${file}.${kept} Restart servers that run.`)
  },
}
