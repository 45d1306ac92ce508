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
  const names = tableNames(database)
  for (const [index, name] of names.entries()) {
    database.exec(`create table kept.table${index} as select * from main."${name}"`)
  }
  return {
    restore: async () => {
      assertSame(names, tableNames(database))
      await begin(database)
      for (const [index, name] of names.entries()) {
        database.exec(`delete from main."${name}"; insert into main."${name}" select * from kept.table${index}`)
      }
      database.exec('commit')
    },
    [Symbol.dispose]: () => database.close(),
  }
}

/** Virtual tables are left out: what they hold is in the tables that they keep. */
function tableNames(database: DatabaseSync): readonly string[] {
  const rows = database
    .prepare(
      "select name from main.sqlite_master where type = 'table' and sql not like 'create virtual%' and name not like 'sqlite_stat%' order by name",
    )
    .all()
  return rows.map(({ name }) => String(name))
}

function assertSame(before: readonly string[], now: readonly string[]): void {
  if (before.join() !== now.join()) throw new Error('The tables have changed since the snapshot: take another one.')
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
