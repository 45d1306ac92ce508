import { settingRows, type SettingRow } from './setting-rows.ts'
import type { Settings } from './settings.ts'

/** The docs page of all settings, in Markdown. */
export function settingsTable(): string {
  const lines = settingRows.map((row) => {
    const cells = [`\`${row.path}\``, code(row.env), code(row.flag && `--${row.flag}`), shown(row.default), docOf(row)]
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  return ['| setting | environment | flag | default | |', '|---|---|---|---|---|', ...lines].join('\n')
}

/** The settings as they are, for `doctor`: what holds a secret is only said to be set. */
export function shownSettings(settings: Settings): { readonly path: string; readonly value: unknown }[] {
  return settingRows.map(({ path, secret }) => {
    const value = path.split('.').reduce<unknown>(inside, settings)
    return { path, value: secret === true && value !== undefined ? '(set)' : value }
  })
}

function inside(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined
}

function docOf(row: SettingRow): string {
  return row.options === undefined
    ? row.doc
    : `${row.doc} One of ${row.options.map((option) => `\`${option}\``).join(', ')}.`
}

function shown(value: unknown): string {
  return value === undefined ? '' : code(JSON.stringify(value))
}

function code(text: string | undefined): string {
  return text === undefined || text === '' ? '' : `\`${text}\``
}
