import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'postern.js')

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

interface Surroundings {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

/** Runs `postern …` as a shell would, without a terminal, to its end. */
export async function postern(line: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  const started = startPostern(line, surroundings)
  started.process.stdin?.end(surroundings.input ?? '')
  const code = await started.ended
  return { code, out: started.out(), err: started.err() }
}

export interface Started {
  readonly process: ChildProcess
  readonly out: () => string
  readonly err: () => string
  /** The exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>
  /** Resolves with what was said so far as soon as it holds the pattern; rejects when the process ends before. */
  readonly says: (pattern: RegExp) => Promise<string>
}

/** Starts `postern …` and leaves it running. */
export function startPostern(line: readonly string[], { cwd = tmpdir(), env = {} }: Surroundings = {}): Started {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(NODE_TEST|FORCE_COLOR|NO_COLOR|PORT$|HOST$|DATA_DIR|DATABASE_URL|POSTERN_)/.test(name),
    ),
  )
  const child = spawn(process.execPath, [bin, ...line], { cwd, env: { ...inherited, PORT: '0', ...env } })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  const { promise: ended, resolve } = Promise.withResolvers<number | null>()
  // A test that fails leaves it running, and a running child keeps the file of tests from ending.
  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000)
  child.on('close', (code) => {
    clearTimeout(limit)
    resolve(code)
  })
  return {
    process: child,
    out: () => said.out,
    err: () => said.err,
    ended,
    says: (pattern) => waitFor(child, { said, pattern }),
  }
}

function waitFor(
  child: ChildProcess,
  { said, pattern }: { readonly said: { out: string; err: string }; readonly pattern: RegExp },
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const look = (): void => {
    if (pattern.test(said.out + said.err)) resolve(said.out + said.err)
  }
  child.stdout?.on('data', look)
  child.stderr?.on('data', look)
  child.on('close', () => reject(new Error(`It ended without saying ${pattern}; it said:\n${said.out}${said.err}`)))
  look()
  return promise
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'postern-cli-')))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
