/**
 * `npm run mutation [-- rules accounts query | a file] [--every=N[:room,room]] [--fresh]`: plants small faults in the code that decides who may do
 * what, one at a time, and runs the tests that come by. A fault that no test notices survives and is listed. Ends with 1 below 90%.
 * What earlier runs learned is kept (see kept-verdicts.ts), so a run may be broken off and taken up again; a run over
 * all rooms writes `docs/reference/mutation.md`.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { coverageOf, type Covering } from './mutation/coverage.ts'
import { changeOf, isEquivalent, staleEquivalents } from './mutation/equivalent.ts'
import { findMutants, type Mutant } from './mutation/find-mutants.ts'
import { KeptVerdicts } from './mutation/kept-verdicts.ts'
import { isNoticed, TestOrder } from './mutation/notice.ts'
import { percent, reportPage, tallyOf, type RoomReport } from './mutation/report.ts'
import { mutatedRooms, sourcesOf, type MutatedRoom } from './mutation/rooms.ts'
import { root } from './mutation/run-test.ts'

const words = process.argv.slice(2)
const wanted = words.filter((word) => !word.startsWith('--'))
/** One fault in so many, in these rooms or in all. */
const [every = '1', sampled] =
  words
    .find((word) => word.startsWith('--every='))
    ?.slice(8)
    .split(':') ?? []
const atOnce = Number(process.env['MUTATION_JOBS'] ?? 2)
const enough = 0.9

const kept = new KeptVerdicts({ fresh: words.includes('--fresh') })
const reports: RoomReport[] = []
for (const room of mutatedRooms) {
  const files = sourcesOf(room).filter((file) => isWanted(room, file))
  if (files.length > 0) reports.push(await mutate(room, files))
}
for (const report of reports) console.log(summary(report))
const stale = staleEquivalents()
for (const one of stale) console.log(`no fault any more, remove it from equivalents.ts: ${one}`)
if (wanted.length === 0) writeFileSync(join(root, 'docs/reference/mutation.md'), reportPage(reports))
process.exitCode = stale.length > 0 || reports.some((report) => percent(tallyOf(report)) < 100 * enough) ? 1 : 0

function isWanted(room: MutatedRoom, file: string): boolean {
  return wanted.length === 0 || wanted.includes(room.name) || wanted.includes(file)
}

function summary(report: RoomReport): string {
  const tally = tallyOf(report)
  const { faults, noticed, equivalent } = tally
  return `${report.name}: ${noticed} of ${faults} faults noticed (${percent(tally).toFixed(1)}%), ${equivalent} equivalent`
}

async function mutate(room: MutatedRoom, files: readonly string[]): Promise<RoomReport> {
  const all = files.flatMap((file) => findMutants(file, readFileSync(join(root, file), 'utf8')))
  const oneIn = sampled === undefined || sampled.split(',').includes(room.name) ? Number(every) : 1
  const mutants = all.filter((_one, index) => index % oneIn === 0)
  const judged = new Set(all.filter(isEquivalent))
  const asked = mutants.filter((mutant) => !judged.has(mutant))
  const tests: Covering[] = []
  for (const test of room.tests.flatMap((pattern) => globSync(pattern, { cwd: root })))
    tests.push(await coverageOf(test))
  console.log(`${room.name}: ${mutants.length} faults in ${files.length} files, ${tests.length} test files`)
  const survivors = await survivorsOf(asked, tests)
  return { name: room.name, oneIn, files, mutants, asked, survivors }
}

async function survivorsOf(asked: readonly Mutant[], tests: readonly Covering[]): Promise<readonly Mutant[]> {
  const survivors: Mutant[] = []
  const order = new TestOrder()
  const queue = [...asked]
  const work = async (): Promise<void> => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      if (!(await isNoticed(mutant, { tests, kept, order }))) {
        survivors.push(mutant)
        const { line, from, to } = changeOf(mutant)
        console.log(`  survived ${mutant.file}:${line}  ${mutant.kind}\n    - ${from}\n    + ${to}`)
      }
      if (queue.length % 100 === 0) console.log(`  ${queue.length} to go, ${survivors.length} survived`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return survivors
}
