import { resolve } from 'node:path'
import type { z } from 'zod'
import { placeText, PosternError, type FieldError } from '../errors/postern-error.ts'
import { nearest } from '../schema/nearest.ts'
import { placeOfSetting, type ConfigFile } from './config-file.ts'
import { settingRows, type SettingRow } from './setting-rows.ts'
import { settingsSchema, type Settings } from './settings.ts'

/** Where settings come from, the strongest last: config file, environment, flags. */
export interface SettingSources {
  /** The site's folder: relative folders in the config file start here. */
  readonly root: string
  readonly file?: ConfigFile | undefined
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** By flag name, as text. */
  readonly flags?: Readonly<Record<string, string | undefined>> | undefined
}

type Origin = { readonly row: SettingRow; readonly name: string; readonly value: unknown }

/** All settings, checked, or BAD_SETTING with everything that is wrong, each with where it was said. */
export function readSettings(sources: SettingSources): Settings {
  const said = [...fromEnvironment(sources.env ?? {}), ...fromFlags(sources.flags ?? {})]
  const merged = said.reduce((data, { row, value }) => withValue(data, row.path.split('.'), value), asTree(sources))
  const parsed = settingsSchema.safeParse(merged)
  if (!parsed.success) throw refusal(parsed.error.issues, said, sources)
  const dataDirSaid = said.some(({ row }) => row.path === 'dataDir')
  return Object.freeze({ ...parsed.data, dataDir: resolve(dataDirSaid ? '.' : sources.root, parsed.data.dataDir) })
}

function asTree({ file }: SettingSources): Record<string, unknown> {
  if (file === undefined) return {}
  if (!isTree(file.data))
    throw new PosternError('BAD_SETTING', `${file.path} must export an object: export default defineConfig({ … }).`, {
      at: { file: file.path },
    })
  return file.data
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Origin[] {
  return settingRows.flatMap((row) => {
    const text = row.env === undefined ? undefined : env[row.env]
    return text === undefined || text === '' ? [] : [{ row, name: row.env ?? row.path, value: fromText(row, text) }]
  })
}

function fromFlags(flags: Readonly<Record<string, string | undefined>>): Origin[] {
  return settingRows.flatMap((row) => {
    const text = row.flag === undefined ? undefined : flags[row.flag]
    return text === undefined ? [] : [{ row, name: `--${row.flag}`, value: fromText(row, text) }]
  })
}

/** What does not read as its kind stays text, for the schema to refuse. */
function fromText(row: SettingRow, text: string): unknown {
  if (row.kind === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  if (row.kind === 'boolean')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text
  if (row.kind === 'list')
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  return text
}

function withValue(data: Record<string, unknown>, path: readonly string[], value: unknown): Record<string, unknown> {
  const [key = '', ...rest] = path
  if (rest.length === 0) return { ...data, [key]: value }
  const below = data[key]
  return { ...data, [key]: withValue(isTree(below) ? below : {}, rest, value) }
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refusal(issues: readonly z.core.$ZodIssue[], said: readonly Origin[], { file }: SettingSources): PosternError {
  const errors = issues.flatMap(complaints)
  const places = errors.map(({ path }) => {
    const origin = said.findLast(({ row }) => row.path === path)
    if (origin !== undefined || file === undefined) return { name: origin?.name ?? 'settings' }
    const at = placeOfSetting(file, path)
    return { name: placeText(at), at }
  })
  const lines = errors.map(({ path, message }, index) => `${places[index]?.name}: ${path} ${message}`)
  const at = places.find((place) => place.at !== undefined)?.at
  return new PosternError('BAD_SETTING', lines.join('\n'), { ...(at === undefined ? {} : { at }), errors })
}

function complaints(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String)
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: plain(issue) }]
  return issue.keys.map((key) => {
    const siblings = namesUnder(path.join('.'))
    const near = nearest(key, siblings)
    const hint = near === undefined ? `there are ${siblings.join(', ')}` : `did you mean "${near}"?`
    return { path: [...path, key].join('.'), message: `is not a setting; ${hint}` }
  })
}

/** Zod's own words, which never repeat the value: it could be a password. */
function plain(issue: z.core.$ZodIssue): string {
  return issue.message.replace(/^(Invalid|Too)/, (word) => word.toLowerCase())
}

function namesUnder(path: string): string[] {
  const prefix = path === '' ? '' : `${path}.`
  const below = settingRows
    .filter((row) => row.path.startsWith(prefix))
    .map((row) => row.path.slice(prefix.length).split('.')[0] ?? '')
  return [...new Set(below)]
}
