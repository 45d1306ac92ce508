import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { firstAdminNote } from './first-admin-note.ts'
import { logSinks } from './log-sinks.ts'
import { openSite } from './open-site.ts'
import { sayJson, warn } from './print.ts'

export const start: Command = {
  options: { ...siteOptions, ...settingOptions },
  run: async (given) => {
    // The site's thread loads meanwhile, on another core.
    const server = import('./serve-site.ts')
    const opened = await openSite(given, { mode: 'start', sinks: (settings) => logSinks(settings, 'start') })
    const { address, port } = await (await server).serveSite(opened)
    const notes = await firstAdminNote(opened.house)
    if (given.has('json')) sayJson({ address, port, pid: process.pid, notes })
    else notes.forEach(warn)
  },
}
