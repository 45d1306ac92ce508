/** The short forms of the campaigns; their figures stand in docs/reference/durability.md. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test, type TestContext } from 'node:test'
import { fillPostgres, fillSqlite } from './disk-full.ts'
import { failSyncs, failWrites, type FailReport } from './disk-fails.ts'
import { kill9Postgres, kill9Sqlite } from './kill9.ts'
import type { Verdict } from './ledger.ts'
import { restartUnderLoad } from './pg-restart.ts'
import { cutSqlite, cutSqliteOnLyingDisk } from './power-cut.ts'
import { makeSmallDisk } from './small-disk.ts'

/** A loaded machine is slow; the strict figures are the campaigns' own. */
const soon = 8_000

describe('what was acknowledged is there', { timeout: 110_000 }, () => {
  test('R01 after kill -9 of the process that writes a file', async () => {
    assertKept(await kill9Sqlite(4))
  })

  test('R01 after kill -9 of the process that writes to PostgreSQL, and of PostgreSQL', async (t) => {
    if (process.platform !== 'linux') t.skip('finds the processes of PostgreSQL in /proc')
    else assertKept(await kill9Postgres(2))
  })

  test('R02 after a power cut', async (t) => {
    if (!canMount(t)) return
    assertKept(await cutSqlite(4))
    const lying = await cutSqliteOnLyingDisk(2)
    assert.ok(lying.lost > 0, 'the test would see a loss')
  })

  test('R07 once, after PostgreSQL was restarted under load; everybody is answered in time', async (t) => {
    if (process.platform !== 'linux') return t.skip('finds the processes of PostgreSQL in /proc')
    const report = await restartUnderLoad(2)
    assertKept(report)
    assert.ok(report.refused > 0, 'the restarts were felt')
    assert.deepEqual(report.strange, [])
    assert.ok(report.slowestRefusal < soon && report.slowestReturn < soon, JSON.stringify(report))
  })

  test('R03 after writes and syncs failed; nothing is written until the file is opened anew, and reads go on', async (t) => {
    const campaigns = { prlimit: failWrites, strace: failSyncs }
    for (const [tool, campaign] of Object.entries(campaigns)) {
      if (hasTool(tool)) assertFenced(await campaign(1))
      else t.diagnostic(`${tool} is not installed here`)
    }
  })

  test('R04 after the disk was full; reads go on, and writes resume by themselves', async (t) => {
    if (!canMount(t)) return
    for (const report of [await fillSqlite(2), await fillPostgres(1)]) {
      assertKept(report)
      assert.ok(report.refused > 0 && report.reads > 0, 'the disk was full')
      assert.equal(report.failedReads, 0)
      assert.deepEqual(report.strange, [])
      assert.ok(report.slowestRefusal < soon && report.slowestReturn < soon, JSON.stringify(report))
    }
  })
})

function assertKept({ acknowledged, lost, torn, doubled }: Verdict): void {
  assert.ok(acknowledged > 0, 'something was acknowledged')
  assert.deepEqual({ lost, torn, doubled }, { lost: 0, torn: 0, doubled: 0 })
}

function assertFenced(report: FailReport): void {
  const { stops, returns, reads, rash, ghosts, failedReads } = report
  assertKept(report)
  assert.ok(stops > 0 && returns > 0 && reads > 0, JSON.stringify(report))
  assert.deepEqual({ rash, ghosts, failedReads }, { rash: 0, ghosts: 0, failedReads: 0 })
}

function hasTool(name: string): boolean {
  return spawnSync(name, ['--version']).error === undefined
}

/** Mounting takes root's rights, which not every machine gives. */
function canMount(t: TestContext): boolean {
  try {
    makeSmallDisk(64)[Symbol.dispose]()
    return true
  } catch (thrown) {
    t.skip(`cannot mount a disk here: ${String(thrown)}`)
    return false
  }
}
