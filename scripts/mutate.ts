/**
 * `npm run mutation [-- rules accounts query | a file] [--every=N]`: plants small faults in the code that decides who may do what, one
 * at a time, and runs the tests that come by. A fault that no test notices survives and is listed. Ends with 1 below 90%.
 */
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { coverageOf, type Covering } from './mutation/coverage.ts'
import { findMutants, type Mutant } from './mutation/find-mutants.ts'
import { mutatedRooms, type MutatedRoom } from './mutation/rooms.ts'
import { runTest } from './mutation/run-test.ts'

const root = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const every = Number(process.argv.find((word) => word.startsWith('--every='))?.slice(8) ?? 1)
const atOnce = Number(process.env['MUTATION_JOBS'] ?? 2)
const enough = 0.9

interface Tally {
  readonly killed: number
  readonly survivors: readonly Mutant[]
}

let failed = false
for (const room of mutatedRooms) {
  const files = room.files.flatMap(sources).filter((file) => isWanted(room, file))
  if (files.length === 0) continue
  const { killed, survivors } = await mutate(room, files)
  const all = killed + survivors.length
  console.log(`${room.name}: ${killed} of ${all} faults noticed (${((100 * killed) / all).toFixed(1)}%)`)
  failed ||= killed / all < enough
}
process.exitCode = failed ? 1 : 0

function isWanted(room: MutatedRoom, file: string): boolean {
  return wanted.length === 0 || wanted.includes(room.name) || wanted.includes(relative(root, file))
}

function sources(pattern: string): string[] {
  return globSync(pattern, { cwd: root, exclude: ['**/*.test.ts', '**/*.test-d.ts', '**/tables.ts'] }).map((file) =>
    join(root, file),
  )
}

async function mutate(room: MutatedRoom, files: readonly string[]): Promise<Tally> {
  const mutants = files
    .flatMap((file) => findMutants(file, readFileSync(file, 'utf8')))
    .filter((_one, index) => index % every === 0)
  const tests: Covering[] = []
  for (const test of room.tests.flatMap((pattern) => globSync(pattern, { cwd: root })))
    tests.push(await coverageOf(join(root, test)))
  tests.sort((one, other) => one.ms - other.ms)
  console.log(`${room.name}: ${mutants.length} faults in ${files.length} files, ${tests.length} test files`)
  const survivors: Mutant[] = []
  const queue = [...mutants]
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
        if (!(await isNoticed(mutant, tests))) {
          survivors.push(mutant)
          console.log(`  survived  ${describe(mutant)}`)
        }
        if (queue.length % 100 === 0) console.log(`  ${queue.length} to go, ${survivors.length} survived`)
      }
    }),
  )
  return { killed: mutants.length - survivors.length, survivors }
}

async function isNoticed(mutant: Mutant, tests: readonly Covering[]): Promise<boolean> {
  for (const { test, ms, ran } of tests) {
    if (!ran(mutant.file, mutant.start)) continue
    if (!(await runTest(test, { mutant, limit: 5_000 + 5 * ms })).passed) return true
  }
  return false
}

function describe({ file, start, end, replacement, kind }: Mutant): string {
  const code = readFileSync(file, 'utf8')
  const line = code.slice(0, start).split('\n').length
  return `${relative(root, file)}:${line}  ${kind}: ${shown(code.slice(start, end))} → ${shown(replacement) || 'nothing'}`
}

function shown(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim()
  return flat.length > 60 ? `${flat.slice(0, 60)}…` : flat
}
