import { settingRows } from '../config/setting-rows.ts'
import type { Given, Option } from './command.ts'

/** Which site, and for whom the output is. */
export const siteOptions: Readonly<Record<string, Option>> = {
  site: { type: 'string', value: 'folder', doc: 'folder of the site (default: here)' },
  json: { type: 'boolean', doc: 'print JSON for machines' },
}

/** Every setting that has a flag, as an option. */
export const settingOptions: Readonly<Record<string, Option>> = Object.fromEntries(
  settingRows.flatMap(({ flag, doc, kind, options }) =>
    flag === undefined
      ? []
      : [[flag, { type: 'string', value: options?.join('|') ?? kind, doc: doc.replace(/\.$/, '') }]],
  ),
)

export function settingFlags(given: Given): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(settingOptions).map((name) => [name, given.text(name)]))
}
