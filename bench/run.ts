/**
 * `npm run bench [-- suite…] [--rounds 5] [--turn 2000] [--connections 64] [--objects 100000] [--only create] [--data folder] [--no-keep]`:
 * Postern beside the floor, in one run. Without names: every suite; `--only` takes the content cases with that text in
 * their names, `--data` keeps what they fill for the next run. What the figures mean is in docs/reference/benchmarks.md.
 */
import { parseArgs } from 'node:util'
import { machine } from './harness/machine.ts'
import { keep, table } from './harness/report.ts'
import type { Context, Row, Suite } from './harness/suite.ts'
import { suites } from './suites.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    turn: { type: 'string', default: '2000' },
    connections: { type: 'string', default: '64' },
    objects: { type: 'string', default: '100000' },
    only: { type: 'string', default: '' },
    data: { type: 'string', default: '' },
    'no-keep': { type: 'boolean', default: false },
  },
})
const settings = {
  rounds: Number(values.rounds),
  turn: Number(values.turn),
  connections: Number(values.connections),
  objects: Number(values.objects),
}
const context: Context = {
  ...settings,
  only: values.only,
  data: values.data,
  say: (text) => console.error(`  … ${text}`),
}
const results: Record<string, Row[]> = {}
for (const suite of chosen(positionals)) {
  console.log(`\n${suite.name}: ${suite.about}\n`)
  const rows = await suite.run(context)
  results[suite.name] = rows
  console.log(table(rows))
}
if (!values['no-keep']) {
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ')
  console.log(
    `\nkept in ${keep({ date: new Date().toISOString(), command, machine: machine(), settings, suites: results })}`,
  )
}

function chosen(names: readonly string[]): readonly Suite[] {
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name))
  if (unknown !== undefined) {
    console.error(`There is no suite ${unknown}. There are: ${suites.map((suite) => suite.name).join(', ')}.`)
    process.exit(2)
  }
  return names.length === 0 ? suites : suites.filter((suite) => names.includes(suite.name))
}
