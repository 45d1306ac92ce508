import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Mutant } from './find-mutants.ts'

/** The project's root: a copy mutates itself. */
export const root = join(import.meta.dirname, '..', '..')

export interface TestRun {
  readonly passed: boolean
  readonly ms: number
  readonly said: string
}

export interface RunOptions {
  readonly mutant?: Mutant
  readonly coverage?: string
  /** Milliseconds of work, after which the run counts as failed: a fault that never ends was noticed too. */
  readonly limit: number
}

const flags = [
  '--conditions=postern-source',
  '--disable-warning=ExperimentalWarning',
  '--test-skip-pattern=/AUC/',
  `--test-reporter=${join(import.meta.dirname, 'stop-at-first.ts')}`,
  '--test-reporter-destination=stdout',
]

/** Runs one test file by itself, with a fault planted or with its coverage written down, up to its first failing test. */
export function runTest(file: string, { mutant, coverage, limit }: RunOptions): Promise<TestRun> {
  const { promise, resolve } = Promise.withResolvers<TestRun>()
  const started = performance.now()
  const scratch = mkdtempSync(join(tmpdir(), 'postern-mutant-'))
  const plant = mutant === undefined ? [] : ['--import', join(import.meta.dirname, 'plant-mutant.ts')]
  const env = {
    ...process.env,
    TMPDIR: scratch,
    // Code that is compiled already starts twice as fast; but its coverage would be less exact.
    ...(coverage === undefined ? { NODE_COMPILE_CACHE: compiled } : { NODE_V8_COVERAGE: coverage }),
    ...(mutant === undefined ? {} : { MUTANT: written(mutant) }),
  }
  const child = spawn(process.execPath, [...plant, ...flags, file], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const late = setInterval(() => {
    if (workOf(child.pid, started) > limit || performance.now() - started > idleLimit + limit) child.kill('SIGKILL')
  }, 500)
  child.on('close', (code) => {
    clearInterval(late)
    rmSync(scratch, { recursive: true, force: true })
    resolve({ passed: code === 0, ms: performance.now() - started, said })
  })
  return promise
}

/** Milliseconds that a process has worked; a busy machine makes nobody late. Elsewhere than on Linux: that it has been there. */
function workOf(pid: number | undefined, started: number): number {
  try {
    const [user = 0, system = 0] =
      readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ')
        .slice(11, 13)
        .map(Number) ?? []
    return (user + system) * 10
  } catch {
    return performance.now() - started
  }
}

/** For what waits without end. */
const idleLimit = 60_000

const compiled = join(tmpdir(), 'postern-mutation-compiled')

function written({ file, start, end, replacement }: Mutant): string {
  return [pathToFileURL(join(root, file)).href, start, end, replacement].join('\n')
}
