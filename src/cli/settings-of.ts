import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { configFrom, findConfig } from '../config/config-file.ts'
import { readSettings } from '../config/read-settings.ts'
import type { Settings } from '../config/settings.ts'
import { importerOf } from '../registry/import-module.ts'
import { resolvePosternFor } from '../registry/resolve-postern.ts'
import type { Given } from './command.ts'
import { settingFlags } from './common-options.ts'

/** What a site says of itself, without opening it. */
export async function settingsOf(given: Given, root: string): Promise<Settings> {
  resolvePosternFor(root)
  const path = findConfig(root)
  const file =
    path === undefined
      ? undefined
      : configFrom(path, readFileSync(join(root, path), 'utf8'), (await importerOf(root)(join(root, path)))['default'])
  return readSettings({ root, file, env: process.env, flags: settingFlags(given) })
}
