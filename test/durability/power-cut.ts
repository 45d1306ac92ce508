/**
 * The power is cut under 32 writers, over and over: nothing acknowledged may be lost, torn or doubled. A cut is simulated:
 * all who write are stopped, and what had reached the disk by then is copied; whatever was not forced there is gone.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStore, type StoreLocation } from '../../src/store/open.ts'
import { startCluster } from '../postgres/cluster.ts'
import { isWhole } from './kill9.ts'
import { startWriter } from './killable-writer.ts'
import { isBroken, judge, sumOf, type Verdict } from './ledger.ts'
import { makeLoopDisk } from './loop-disk.ts'

export interface PowerReport extends Verdict {
  readonly database: string
  readonly broken: boolean
  readonly cuts: number
}

/** What is done to a process that writes, for a campaign that must lose something: it is told that all is on disk. */
const lying = [
  'strace',
  '-f',
  '--quiet=all',
  '-o',
  '/dev/null',
  '-e',
  'trace=fsync,fdatasync',
  '-e',
  'inject=fsync,fdatasync:retval=0',
]

export async function cutSqlite(cuts: number): Promise<PowerReport> {
  using disk = makeLoopDisk(512)
  const file = 'ledger.db'
  const verdicts = await cutOften({
    cuts,
    location: { file: join(disk.folder, file) },
    pids: () => [],
    afterCut: async (judged) => {
      using left = disk.afterPowerCut()
      const copy = join(left.folder, file)
      const verdict = await judged({ file: copy })
      return isWhole(copy) ? verdict : { ...verdict, torn: verdict.torn + 1 }
    },
  })
  const sum = sumOf(verdicts)
  return { database: 'SQLite', cuts, ...sum, broken: isBroken(sum) }
}

/** Shows that the campaign would see a loss: the same, with a disk that only says that it has written. Broken where nothing is lost. */
export async function cutSqliteOnLyingDisk(cuts: number): Promise<PowerReport> {
  using disk = makeLoopDisk(512)
  const file = 'ledger.db'
  const verdicts = await cutOften({
    cuts,
    location: { file: join(disk.folder, file) },
    pids: () => [],
    prefix: lying,
    // The tables are there; what is written from now on is not.
    afterStart: () => disk.flush(),
    afterCut: async (judged) => {
      using left = disk.afterPowerCut()
      const copy = join(left.folder, file)
      // What is there need not be a database.
      return judged({ file: copy }).catch((): Verdict => ({ acknowledged: 1, lost: 1, torn: 0, doubled: 0 }))
    },
  })
  const sum = sumOf(verdicts)
  return { database: 'SQLite on a disk that lies', cuts, ...sum, broken: sum.lost === 0 }
}

export async function cutPostgres(cuts: number): Promise<PowerReport> {
  using disk = makeLoopDisk(768)
  const flags = ['min_wal_size=32MB', 'max_wal_size=64MB', 'wal_recycle=off']
  const cluster = await startCluster({ durable: true, folder: join(disk.folder, 'pg'), flags })
  try {
    const verdicts = await cutOften({
      cuts,
      location: { url: cluster.url, file: '' },
      pids: () => cluster.pids(),
      afterCut: async (judged) => {
        using left = disk.afterPowerCut()
        const folder = join(left.folder, 'pg')
        rmSync(join(folder, 'data', 'postmaster.pid'), { force: true })
        const again = await startCluster({ durable: true, folder, flags, isThere: true })
        try {
          return await judged({ url: again.url, file: '' })
        } finally {
          await again.stop()
        }
      },
    })
    const sum = sumOf(verdicts)
    return { database: 'PostgreSQL', cuts, ...sum, broken: isBroken(sum) }
  } finally {
    await cluster.stop('immediate')
  }
}

interface Cutting {
  readonly cuts: number
  readonly location: StoreLocation
  /** Who writes beside the process of writers. */
  readonly pids: () => readonly number[]
  readonly prefix?: readonly string[]
  /** Once the first write was acknowledged. */
  readonly afterStart?: () => void
  /** Makes the state after the cut, and has it judged. */
  readonly afterCut: (judged: (location: StoreLocation) => Promise<Verdict>) => Promise<Verdict>
}

async function cutOften({ cuts, location, pids, prefix, afterStart, afterCut }: Cutting): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (let done = 0; done < cuts;) {
    const round = `r${done}`
    const writer = await startWriter(location, round, prefix)
    afterStart?.()
    try {
      for (let here = 0; here < cutsPerWriter && done < cuts; here++, done++) {
        await sleep(20 + Math.random() * 150)
        const stopped = await stop([writer.pid, ...pids()])
        const acknowledged = new Set(writer.acknowledged)
        const verdict = afterCut((place) => judgedIn(place, round, acknowledged))
        verdicts.push(await verdict.finally(() => goOn(stopped)))
      }
    } finally {
      await writer.kill()
    }
  }
  return verdicts
}

async function judgedIn(location: StoreLocation, round: string, acknowledged: ReadonlySet<number>): Promise<Verdict> {
  if (location.url === undefined && !existsSync(location.file)) throw new Error('The file is gone')
  await using store = await openStore(location)
  return judge(store, round, acknowledged)
}

/** Resolves when all of them stand still, so that none is in the middle of a call. */
async function stop(pids: readonly number[]): Promise<readonly number[]> {
  for (const pid of pids) signal(pid, 'SIGSTOP')
  for (const pid of pids) while (!/^[Tt]/.test(stateOf(pid))) await sleep(2)
  // What was said before is heard by now.
  await sleep(20)
  return pids
}

function goOn(pids: readonly number[]): void {
  for (const pid of pids.toReversed()) signal(pid, 'SIGCONT')
}

/** A server ends processes of its own when it has no more use for them. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown
  }
}

/** The letter after the name in parentheses. A process that has ended meanwhile stands still too. */
function stateOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? ''
  } catch {
    return 'T'
  }
}

const cutsPerWriter = 10
