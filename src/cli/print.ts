import { stripVTControlCharacters } from 'node:util'
import { paint, wantsColours } from '../observe/paint.ts'

/** Colours for standard output, or none. */
export const colour = paint(wantsColours(process.stdout, process.env))

/** A result, to standard output. Returns the exit code of a command that has nothing more to do. */
export function say(text: string): number {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return 0
}

export function sayJson(value: unknown): number {
  return say(JSON.stringify(value))
}

/** Everything that is not a result, to standard error. */
export function warn(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Colours take no room on the screen. */
function seen(text: string): number {
  return stripVTControlCharacters(text).length
}

/** Columns as wide as their widest cell; the last one is as long as it is. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => seen(row[column] ?? ''))))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - seen(cell))))
      .join('  ')
      .trimEnd()
  return [colour.dim(line(head)), ...rows.map(line)].join('\n')
}
