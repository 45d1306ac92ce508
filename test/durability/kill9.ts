/** kill -9 under 32 writers, over and over: nothing acknowledged may be lost, torn or doubled, and the database must be whole. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStore, type StoreLocation } from '../../src/store/open.ts'
import { startCluster } from '../postgres/cluster.ts'
import { startWriter, type KillableWriter } from './killable-writer.ts'
import { isBroken, judge, sumOf, type Verdict } from './ledger.ts'

export interface KillReport extends Verdict {
  readonly database: string
  readonly broken: boolean
  readonly rounds: number
  /** From the start of a process after a kill to its first acknowledged write, the slowest of all rounds, in milliseconds. */
  readonly slowestReturn: number
}

/** The process that holds the file is killed. */
export async function kill9Sqlite(rounds: number): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-kill9-'))
  try {
    const location = { file: join(folder, 'ledger.db') }
    const report = await campaign(location, rounds, (_round, writer) => writer.kill())
    return { database: 'SQLite', ...report, broken: isBroken(report) || !isWhole(location.file) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** In turns the process that writes, and the server with all its processes. */
export async function kill9Postgres(rounds: number): Promise<KillReport> {
  const cluster = await startCluster({ durable: true })
  try {
    const location = { url: cluster.url, file: '' }
    const report = await campaign(location, rounds, async (round, writer) => {
      if (round % 2 === 0) return writer.kill()
      await cluster.kill()
      await writer.kill()
      await cluster.start()
    })
    return { database: 'PostgreSQL', ...report, broken: isBroken(report) }
  } finally {
    await cluster.remove()
  }
}

async function campaign(
  location: StoreLocation,
  rounds: number,
  kill: (round: number, writer: KillableWriter) => Promise<void>,
): Promise<Omit<KillReport, 'database' | 'broken'>> {
  const acknowledged = new Map<string, ReadonlySet<number>>()
  const verdicts: Verdict[] = []
  let slowestReturn = 0
  for (let round = 0; round < rounds; round++) {
    const writer = await startWriter(location, `r${round}`)
    slowestReturn = Math.max(slowestReturn, writer.firstAfter)
    await sleep(30 + Math.random() * 270)
    await kill(round, writer)
    acknowledged.set(`r${round}`, writer.acknowledged)
  }
  // Judged at the end, so that a later kill cannot lose what an earlier round was promised.
  await using store = await openStore(location)
  for (const [round, entries] of acknowledged) verdicts.push(await judge(store, round, entries))
  return { rounds, slowestReturn: Math.round(slowestReturn), ...sumOf(verdicts) }
}

/** As SQLite itself sees it. */
export function isWhole(file: string): boolean {
  const database = new DatabaseSync(file)
  const said = database.prepare('pragma integrity_check').get()?.['integrity_check']
  database.close()
  return said === 'ok'
}
