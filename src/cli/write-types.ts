import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { clientTypes } from '../describe/client-types.ts'
import { typesFile } from '../describe/types-file.ts'
import type { House } from '../server/house.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson } from './print.ts'

export const types: Command = {
  options: {
    ...siteOptions,
    out: {
      type: 'string',
      doc: `the file to write, below the site; ${typesFile} if absent, and then \`dev\` keeps it up to date`,
    },
    ...settingOptions,
  },
  run: (given) =>
    withSite(given, async ({ house, root }) => {
      const file = resolve(root, given.text('out') ?? typesFile)
      const changed = write(file, house)
      if (given.has('json')) return sayJson({ file, changed })
      return say(`${relative(root, file)} ${changed ? 'written' : 'is up to date'}.`)
    }),
}

/** Rewrites the types after each swap, where the site has asked for them once. */
export function keepTypes(house: House, root: string): void {
  const file = join(root, typesFile)
  const refresh = (): void => {
    if (existsSync(file)) write(file, house)
  }
  refresh()
  house.onChange(refresh)
}

/** The same text is not written again: editors and compilers look at a file that was touched. */
function write(file: string, house: House): boolean {
  const text = clientTypes(house.records().filter(({ hidden }) => hidden !== true))
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false
  writeFileSync(file, text)
  return true
}
