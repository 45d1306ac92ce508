import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { firstAdminNote } from './first-admin-note.ts'
import { logSinks } from './log-sinks.ts'
import { openSite } from './open-site.ts'
import { say, sayJson } from './print.ts'
import { serveSite } from './serve-site.ts'

export const start: Command = {
  options: { ...siteOptions, ...settingOptions },
  run: async (given) => {
    const opened = await openSite(given, { mode: 'start', sinks: (settings) => logSinks(settings, 'start') })
    const { address, port } = await serveSite(opened)
    const notes = await firstAdminNote(opened.house)
    if (given.has('json')) sayJson({ address, port, pid: process.pid, notes })
    else notes.forEach(say)
  },
}
