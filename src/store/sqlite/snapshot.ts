import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './errors.ts'

/** All rows of a database as they were at one moment, in memory. For tests: a crash while it is put back may lose the file. */
export interface Snapshot extends Disposable {
  /** Puts the rows back, in one transaction of its own: every other connection sees all of it or nothing. */
  readonly restore: () => Promise<void>
}

/** `file` is open elsewhere, with its tables made. What is still being written there is waited for. */
export function takeSnapshot(file: string): Snapshot {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false })
  // Word indexes are kept in tables of their own, which are only written to behind their back.
  database.enableDefensive(false)
  database.exec("pragma synchronous = off; attach ':memory:' as kept")
  const tables = tablesOf(database)
  for (const [index, { name }] of tables.entries()) {
    database.exec(`create table kept.table${index} as select * from main."${name}"`)
  }
  return {
    restore: async () => {
      assertSame(tables, tablesOf(database))
      await begin(database)
      try {
        for (const [index, { name }] of tables.entries()) {
          database.exec(`delete from main."${name}"; insert into main."${name}" select * from kept.table${index}`)
        }
        database.exec('commit')
      } catch (thrown) {
        // Whoever writes would wait for this transaction for ever.
        if (database.isTransaction) database.exec('rollback')
        throw thrown
      }
    },
    [Symbol.dispose]: () => database.close(),
  }
}

interface TableOf {
  readonly name: string
  /** How it was made. */
  readonly sql: string
}

/** Virtual tables are left out: what they hold is in the tables that they keep. */
function tablesOf(database: DatabaseSync): readonly TableOf[] {
  const rows = database
    .prepare(
      "select name, sql from main.sqlite_master where type = 'table' and sql not like 'create virtual%' and name not like 'sqlite_stat%' order by name",
    )
    .all()
  return rows.map(({ name, sql }) => ({ name: String(name), sql: String(sql) }))
}

function assertSame(before: readonly TableOf[], now: readonly TableOf[]): void {
  if (JSON.stringify(before) !== JSON.stringify(now))
    throw new Error('The tables have changed since the snapshot: take another one.')
}

/** Without blocking the event loop: who holds the lock may be in this very process. */
async function begin(database: DatabaseSync): Promise<void> {
  const deadline = performance.now() + patience
  for (;;) {
    try {
      database.exec('begin immediate')
      return
    } catch (thrown) {
      if (!isBusy(thrown) || performance.now() > deadline) throw thrown
      await new Promise((again) => setTimeout(again, 2))
    }
  }
}

const patience = 10_000
