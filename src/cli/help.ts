import type { Command, CommandEntry } from './command.ts'
import { colour } from './print.ts'

/** What there is, for `postern --help`. */
export function overallHelp(entries: readonly CommandEntry[]): string {
  const lines = entries.map(({ name, summary }) => `  ${name.padEnd(16)}  ${summary}`)
  return [
    'Postern: a content API server in which your own endpoints are first-class.',
    '',
    `${colour.bold('Usage')}  postern <command> [options]`,
    '',
    ...lines,
    '',
    'Every command takes --help, --site <folder> and, where it prints something, --json.',
  ].join('\n')
}

export function commandHelp({ name, summary }: CommandEntry, { positionals = [], options }: Command): string {
  const words = positionals
    .map(({ name: word, optional }) => (optional === true ? ` [${word}]` : ` <${word}>`))
    .join('')
  const rows: [left: string, right: string][] = [
    ...positionals.map(({ name: word, doc }): [string, string] => [word, doc]),
    ...Object.entries(options).map(([option, { type, short, value, doc, multiple }]): [string, string] => {
      const dashes = short === undefined ? `--${option}` : `-${short}, --${option}`
      return [
        type === 'boolean' ? dashes : `${dashes} <${value ?? 'text'}>`,
        multiple === true ? `${doc} (may be repeated)` : doc,
      ]
    }),
  ]
  const width = Math.max(0, ...rows.map(([left]) => left.length))
  return [
    `postern ${name}: ${summary}`,
    '',
    `${colour.bold('Usage')}  postern ${name}${words} [options]`,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join('\n')
}
