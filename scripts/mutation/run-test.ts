import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Mutant } from './find-mutants.ts'

export interface TestRun {
  readonly passed: boolean
  readonly ms: number
  readonly said: string
}

export interface RunOptions {
  readonly mutant?: Mutant
  readonly coverage?: string
  /** Milliseconds, after which the run counts as failed: a fault that never ends was noticed too. */
  readonly limit: number
}

const flags = ['--conditions=postern-source', '--disable-warning=ExperimentalWarning', '--test-skip-pattern=/AUC/']

/** Runs one test file by itself, with a fault planted or with its coverage written down. */
export function runTest(file: string, { mutant, coverage, limit }: RunOptions): Promise<TestRun> {
  const { promise, resolve } = Promise.withResolvers<TestRun>()
  const started = performance.now()
  const plant = mutant === undefined ? [] : ['--import', join(import.meta.dirname, 'plant-mutant.ts')]
  const env = {
    ...process.env,
    ...(mutant === undefined ? {} : { MUTANT: JSON.stringify(mutant) }),
    ...(coverage === undefined ? {} : { NODE_V8_COVERAGE: coverage }),
  }
  const child = spawn(process.execPath, [...plant, ...flags, file], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const late = setTimeout(() => child.kill('SIGKILL'), limit)
  child.on('close', (code) => {
    clearTimeout(late)
    resolve({ passed: code === 0, ms: performance.now() - started, said })
  })
  return promise
}
