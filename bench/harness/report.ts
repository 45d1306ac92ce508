import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from './machine.ts'
import type { Row } from './suite.ts'

export interface Result {
  readonly date: string
  readonly command: string
  readonly machine: Machine
  readonly settings: Readonly<Record<string, number>>
  readonly suites: Readonly<Record<string, readonly Row[]>>
}

const headings = ['case', 'who', 'median', 'min', 'ratio', 'aim', '', 'req/s', 'p99 ms', 'noisy']

/** A table for people; the first two columns to the left, figures to the right. */
export function table(rows: readonly Row[]): string {
  const cells = [headings, ...rows.map(cellsOf)]
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A second run on one day does not overwrite the first. */
export function keep(result: Result): string {
  const folder = join(import.meta.dirname, '..', 'results')
  mkdirSync(folder, { recursive: true })
  const name = `${result.date.slice(0, 16).replaceAll(':', '')}.json`
  writeFileSync(join(folder, name), `${JSON.stringify(result, null, 1)}\n`)
  return `bench/results/${name}`
}

function cellsOf(row: Row): string[] {
  return [
    row.case,
    row.contender,
    `${figure(row.value)} ${row.unit.split(' ')[0] ?? ''}`,
    shown(row.minimum, figure),
    shown(row.ratio, (ratio) => ratio.toFixed(2)),
    row.aim ?? '',
    shown(row.met, (met) => (met ? '✓' : '✗')),
    shown(row.perSecond, (rate) => Math.round(rate).toLocaleString('en')),
    shown(row.p99, (ms) => ms.toFixed(1)),
    shown(row.noisy, (rounds) => (rounds === 0 ? '' : `${rounds} of ${row.rounds?.length ?? 0}`)),
  ]
}

/** Nothing where there is nothing to show. */
function shown<T>(value: T | undefined, write: (value: T) => string): string {
  return value === undefined ? '' : write(value)
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}

function pad(text: string, width: number, column: number): string {
  return column < 2 || column === 5 ? text.padEnd(width) : text.padStart(width)
}
