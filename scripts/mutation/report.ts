import { execFileSync } from 'node:child_process'
import { equivalents } from './equivalents.ts'
import type { Mutant } from './find-mutants.ts'
import { root } from './run-test.ts'

/** What came of a room: its faults, those that were asked (all but the equivalent ones), and those nobody noticed. */
export interface RoomReport {
  readonly name: string
  /** One fault in so many was planted. */
  readonly oneIn: number
  readonly files: readonly string[]
  readonly mutants: readonly Mutant[]
  readonly asked: readonly Mutant[]
  readonly survivors: readonly Mutant[]
}

export interface Tally {
  readonly faults: number
  readonly noticed: number
  readonly equivalent: number
  readonly survived: number
}

export function tallyOf({ mutants, asked, survivors }: RoomReport, file?: string): Tally {
  const count = (list: readonly Mutant[]): number =>
    file === undefined ? list.length : list.filter((one) => one.file === file).length
  const [faults, open, survived] = [count(mutants), count(asked), count(survivors)]
  return { faults, noticed: open - survived, equivalent: faults - open, survived }
}

/** Of the faults that can be noticed, how many were. */
export function percent({ faults, noticed, equivalent }: Tally): number {
  return faults === equivalent ? 100 : (100 * noticed) / (faults - equivalent)
}

/** `docs/reference/mutation.md`. */
export function reportPage(reports: readonly RoomReport[]): string {
  const head = [
    '| | faults | noticed | equivalent | survived | noticed of what can be |',
    '|---|---:|---:|---:|---:|---:|',
  ]
  const rooms = reports.map((report) => row(`[${report.name}](#${report.name})`, tallyOf(report)))
  const sections = reports.map((report) => {
    const rows = report.files.map((file) => row(`\`${file}\``, tallyOf(report, file)))
    const planted = report.oneIn === 1 ? 'Every fault was planted.' : `One fault in ${report.oneIn} was planted.`
    return [`## ${report.name}`, planted, [...head, ...rows].join('\n')].join('\n\n')
  })
  const judged = Object.entries(equivalents).flatMap(([file, list]) =>
    list.map(
      ({ why, faults }) => `- \`${file}\`, ${faults.length === 1 ? 'one fault' : `${faults.length} faults`}: ${why}`,
    ),
  )
  return [
    '# Mutation testing',
    'Written by `npm run mutation`, which plants small faults (a turned comparison, a condition that always or never holds, a statement, a check or an element left out) in the code that decides who may do what, one at a time, and runs the tests that come by. A fault that no test notices survives. The run fails when a room falls below 90%.',
    `Run on ${new Date().toISOString().slice(0, 10)} at commit \`${commit()}\`, with Node ${process.versions.node}.`,
    [...head, ...rooms].join('\n'),
    ...sections,
    '## Judged equivalent',
    'Faults that change nothing anybody can see, with the reason; they are not planted. The list, with the lines themselves, is `scripts/mutation/equivalents.ts`.',
    judged.join('\n'),
  ]
    .join('\n\n')
    .concat('\n')
}

function row(name: string, tally: Tally): string {
  const { faults, noticed, equivalent, survived } = tally
  return `| ${name} | ${faults} | ${noticed} | ${equivalent} | ${survived} | ${percent(tally).toFixed(1)}% |`
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
}
