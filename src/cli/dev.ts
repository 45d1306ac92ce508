import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Given } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { firstAdminNote } from './first-admin-note.ts'
import { logSinks } from './log-sinks.ts'
import { openSite, siteFolder, type Opened } from './open-site.ts'
import { colour, say, sayJson } from './print.ts'

export const dev: Command = {
  options: { ...siteOptions, ...settingOptions },
  run: async (given) => {
    const started = performance.now()
    const seeded = await firstStart(given)
    // The site's thread loads meanwhile, on another core.
    const server = import('./serve-site.ts')
    const opened = await openSite(given, { mode: 'dev', sinks: (settings) => logSinks(settings, 'dev') })
    const { address, port } = await (await server).serveSite(opened)
    void import('./write-types.ts').then(({ keepTypes }) => keepTypes(opened.house, opened.root))
    const notes = [...seeded, ...(await firstAdminNote(opened.house))]
    if (given.has('json')) sayJson({ address, port, pid: process.pid, notes })
    else say(welcome(opened, { address, notes, ms: performance.now() - started }))
  },
}

/** What a new site's own `seed.ts` has to say; nothing on later starts, which do not even load the code for it. */
async function firstStart(given: Given): Promise<readonly string[]> {
  const root = siteFolder(given)
  if (!existsSync(join(root, 'seed.ts'))) return []
  const { seedNewSite } = await import('./seed-new-site.ts')
  return seedNewSite(given, root)
}

function welcome(
  { house }: Opened,
  start: { readonly address: string; readonly notes: readonly string[]; readonly ms: number },
): string {
  const { settings } = house
  const { address, notes, ms } = start
  const lines = [
    '',
    `  ${colour.bold('Postern')} is ready in ${Math.round(ms)} ms, with ${house.records().length} endpoints.`,
    '',
    `  API       ${colour.cyan(`${address}${settings.api.base}`)}`,
    ...(settings.explorer ? [`  Explorer  ${colour.cyan(`${address}/explorer`)}`] : []),
    '',
    ...notes.flatMap((note) => [
      ...note
        .replaceAll('{address}', address)
        .split('\n')
        .map((line) => `  ${line}`),
      '',
    ]),
    `  ${colour.dim('Ctrl-C stops.')}`,
  ]
  return `${lines.join('\n')}\n`
}
