import { resolve } from 'node:path'
import { databaseOf } from '../app/database-place.ts'
import { backupStore } from '../store/backup.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { siteFolder } from './open-site.ts'
import { say, sayJson } from './print.ts'
import { settingsOf } from './settings-of.ts'

export const backup: Command = {
  positionals: [{ name: 'file', doc: 'where the backup shall be; a file that exists is never written over' }],
  options: { ...siteOptions, ...settingOptions },
  run: async (given) => {
    const settings = await settingsOf(given, siteFolder(given))
    const report = await backupStore(databaseOf(settings), resolve(given.positional(0)))
    if (given.has('json')) return sayJson(report)
    return say(`Everything that was in the database is in ${report.file} (${(report.bytes / 1e6).toFixed(1)} MB).`)
  },
}
