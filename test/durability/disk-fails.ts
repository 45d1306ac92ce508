/**
 * The disk fails under writers: a write comes back with an error (the system lets the process write no file any further), or an
 * fsync does (strace answers in the place of the system). Nothing may be acknowledged that is not there, and once something has
 * failed nothing more, until the file was opened anew; reads go on, and writes resume by themselves when the disk is well again.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStore } from '../../src/store/open.ts'
import { isWhole } from './kill9.ts'
import { isBroken, judge, sumOf, type Verdict } from './ledger.ts'
import { run } from './run.ts'

export interface FailReport extends Verdict {
  readonly fault: string
  readonly broken: boolean
  readonly rounds: number
  /** How often the store stopped writing, and wrote again. */
  readonly stops: number
  readonly returns: number
  /** Acknowledged between a failure and the opening anew. */
  readonly rash: number
  /** Told that nothing was written, and yet there. */
  readonly ghosts: number
  readonly unknown: number
  readonly reads: number
  readonly failedReads: number
}

/** Files may not grow for a moment: every write beyond their first page comes back with EFBIG. Needs `prlimit`. */
export function failWrites(rounds: number): Promise<FailReport> {
  const fail = async (writer: FaultyWriter): Promise<void> => {
    run('prlimit', ['--pid', String(writer.pid), '--fsize=4096:unlimited'])
    await writer.until(({ stops }) => stops > 0)
    const { acknowledged } = writer.heard
    const before = acknowledged.size
    await sleep(300)
    if (acknowledged.size > before) writer.heard.rash += acknowledged.size - before
    run('prlimit', ['--pid', String(writer.pid), '--fsize=unlimited'])
    await writer.until(({ returns }) => returns > 0)
  }
  return campaign(rounds, { fault: 'write', fail })
}

/** Some syncs in a row come back with EIO. Needs `strace`. */
export function failSyncs(rounds: number): Promise<FailReport> {
  const prefix = (round: number): string[] => {
    const first = 12 + ((round * 7) % 40)
    const inject = `inject=fsync,fdatasync:error=EIO:when=${first}..${first + (round % 3)}`
    return ['strace', '-f', '--quiet=all', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync', '-e', inject]
  }
  return campaign(rounds, { fault: 'fsync', fail: (writer) => writer.until(({ returns }) => returns > 0), prefix })
}

interface Fault {
  readonly fault: string
  /** Resolves when the store has stopped and writes again. */
  readonly fail: (writer: FaultyWriter) => Promise<void>
  /** A command that runs the process. */
  readonly prefix?: (round: number) => readonly string[]
}

async function campaign(rounds: number, { fault, fail, prefix = () => [] }: Fault): Promise<FailReport> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-fails-'))
  const file = join(folder, 'ledger.db')
  const heard: Heard[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      const writer = await startFaulty(file, `r${round}`, prefix(round))
      await fail(writer)
      const { acknowledged } = writer.heard
      const before = acknowledged.size
      await writer.until(() => acknowledged.size > before)
      await writer.kill()
      heard.push(writer.heard)
    }
    return await report(file, fault, heard)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function report(file: string, fault: string, heard: readonly Heard[]): Promise<FailReport> {
  const verdicts: Verdict[] = []
  let ghosts = 0
  {
    await using store = await openStore({ file })
    for (const [round, { acknowledged, refused }] of heard.entries()) {
      verdicts.push(await judge(store, `r${round}`, acknowledged))
      const { lost } = await judge(store, `r${round}`, refused)
      ghosts += refused.size - lost
    }
  }
  const sum = (name: 'stops' | 'returns' | 'rash' | 'unknown' | 'reads' | 'failedReads'): number =>
    heard.reduce((total, one) => total + one[name], 0)
  const [stops, returns, rash, unknown, reads, failedReads] = [
    sum('stops'),
    sum('returns'),
    sum('rash'),
    sum('unknown'),
    sum('reads'),
    sum('failedReads'),
  ]
  const verdict = sumOf(verdicts)
  const broken = isBroken(verdict) || stops < heard.length || rash + ghosts + failedReads > 0 || !isWhole(file)
  return { fault, broken, rounds: heard.length, stops, returns, rash, ghosts, unknown, reads, failedReads, ...verdict }
}

interface Heard {
  readonly acknowledged: Set<number>
  readonly refused: Set<number>
  isStopped: boolean
  stops: number
  returns: number
  rash: number
  unknown: number
  reads: number
  failedReads: number
}

interface FaultyWriter {
  readonly pid: number
  readonly heard: Heard
  readonly until: (holds: (heard: Heard) => boolean) => Promise<void>
  /** kill -9; resolves when all it said has been heard. */
  readonly kill: () => Promise<void>
}

/** Resolves when the first write was acknowledged. */
async function startFaulty(file: string, round: string, prefix: readonly string[]): Promise<FaultyWriter> {
  const script = join(import.meta.dirname, 'write-through-faults.ts')
  const flags = ['--conditions=postern-source', '--disable-warning=ExperimentalWarning', script]
  const [command, ...rest] = [...prefix, process.execPath, ...flags, file, round]
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'], env })
  const ended = once(child, 'close')
  const { heard, pid } = listen(child)
  const until = async (holds: (heard: Heard) => boolean): Promise<void> => {
    const begun = performance.now()
    while (!holds(heard)) {
      if (child.exitCode !== null || performance.now() - begun > 60_000) throw new Error('It never came to that')
      await sleep(5)
    }
  }
  await until(({ acknowledged }) => acknowledged.size > 0)
  return {
    pid: pid(),
    heard,
    until,
    kill: async () => {
      process.kill(pid(), 'SIGKILL')
      await ended
    },
  }
}

function listen(child: ChildProcess): { readonly heard: Heard; readonly pid: () => number } {
  const heard: Heard = {
    acknowledged: new Set(),
    refused: new Set(),
    isStopped: false,
    stops: 0,
    returns: 0,
    rash: 0,
    unknown: 0,
    reads: 0,
    failedReads: 0,
  }
  let pid = 0
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (pid === 0) pid = Number(lines.shift() ?? 0)
    for (const line of lines) hear(heard, line)
  })
  return { heard, pid: () => pid }
}

function hear(heard: Heard, line: string): void {
  const entry = Number(line.slice(1))
  switch (line[0]) {
    case '+':
      heard.acknowledged.add(entry)
      if (heard.isStopped) heard.rash++
      break
    case '-':
      heard.refused.add(entry)
      break
    case '?':
      heard.unknown++
      break
    case 'R':
      heard.reads++
      break
    case 'r':
      heard.failedReads++
      break
    case 'x':
      heard.stops++
      heard.isStopped = true
      break
    default:
      heard.returns++
      heard.isStopped = false
  }
}
