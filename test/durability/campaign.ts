/** `npm run campaign:<name> [-- --rounds n]`: the long forms. Prints what it found; ends with 1 where a promise was broken. */
import { parseArgs } from 'node:util'
import { fillPostgres, fillSqlite } from './disk-full.ts'
import { failSyncs, failWrites } from './disk-fails.ts'
import { kill9Postgres, kill9Sqlite } from './kill9.ts'
import { describeMachine } from './machine.ts'
import { restartUnderLoad } from './pg-restart.ts'
import { cutPostgres, cutSqlite, cutSqliteOnLyingDisk } from './power-cut.ts'

const { positionals, values } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string' } } })
const [name = ''] = positionals
interface Campaign {
  readonly rounds: number
  readonly run: (rounds: number) => Promise<{ readonly broken: boolean }>
}

const campaigns: Readonly<Record<string, readonly Campaign[]>> = {
  kill9: [
    { rounds: 200, run: kill9Sqlite },
    { rounds: 200, run: kill9Postgres },
  ],
  powercut: [
    { rounds: 10, run: cutSqliteOnLyingDisk },
    { rounds: 100, run: cutSqlite },
    { rounds: 100, run: cutPostgres },
  ],
  diskfull: [
    { rounds: 20, run: fillSqlite },
    { rounds: 20, run: fillPostgres },
  ],
  diskfails: [
    { rounds: 50, run: failWrites },
    { rounds: 50, run: failSyncs },
  ],
  'pg-restart': [{ rounds: 40, run: restartUnderLoad }],
}

const wanted = campaigns[name]
if (wanted === undefined)
  throw new Error(`There is no campaign ${name}; there are ${Object.keys(campaigns).join(', ')}`)
say(`${name} on ${describeMachine()}`)
for (const { rounds, run } of wanted) {
  const begun = performance.now()
  const { broken, ...report } = await run(Number(values.rounds ?? rounds))
  const seconds = Math.round((performance.now() - begun) / 1000)
  say(`${broken ? 'BROKEN' : 'held'} in ${seconds} s: ${JSON.stringify(report)}`)
  if (broken) process.exitCode = 1
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
