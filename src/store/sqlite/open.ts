import { DatabaseSync } from 'node:sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { PosternError } from '../../errors/postern-error.ts'
import { createTable } from '../ddl.ts'
import { keptAfter, planSteps, sortSteps, type KeptTable } from '../migrate.ts'
import type { MigrateOptions, MigrationReport, Reader, Store } from '../port.ts'
import { Statements } from '../statements.ts'
import type { Schema, Table } from '../table.ts'
import { keepingTable } from '../keeping.ts'
import { Connection, readerOf } from './connection.ts'
import { dialect } from './dialect.ts'
import { GroupWriter } from './writer.ts'

/** Opens or makes a database file, with its one writer and a connection of its own for reading. */
export function openSqlite(file: string): Store {
  assertVersion()
  mkdirSync(dirname(file), { recursive: true })
  const statements = new Statements(dialect)
  const writing = opened(file, statements, false)
  writing.exec('pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864')
  const reading = opened(file, statements, true)
  const write = new GroupWriter(writing)
  const close = async (): Promise<void> => {
    await write.settle()
    reading.close()
    writing.close()
  }
  return {
    dialect: 'sqlite',
    read: readerOf(reading),
    write,
    declare: (...schemas) => statements.declare(schemas),
    migrate: async (schemas, options) => migrate({ write, writing, statements }, schemas, options),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The reading side alone, for another thread of the process that holds the store. */
export function openSqliteReader(file: string, schemas: readonly Schema[]): Disposable & { read: Reader } {
  assertVersion()
  const statements = new Statements(dialect)
  statements.declare(schemas)
  const reading = opened(file, statements, true)
  return { read: readerOf(reading), [Symbol.dispose]: () => reading.close() }
}

/** Before this version a file in WAL mode can be corrupted when it is reset at the wrong moment. */
const oldest = [3, 51, 3] as const

function assertVersion(): void {
  const version = new DatabaseSync(':memory:').prepare('select sqlite_version() as v').get()?.['v']
  const parts = String(version).split('.').map(Number)
  const difference = oldest.map((part, index) => (parts[index] ?? 0) - part).find((part) => part !== 0) ?? 0
  if (difference < 0) {
    throw new PosternError(
      'BAD_DATA_DIR',
      `SQLite ${String(version)} can corrupt its files; ${oldest.join('.')} or newer is needed`,
    )
  }
}

function opened(file: string, statements: Statements, readOnly: boolean): Connection {
  try {
    return new Connection(file, statements, { readOnly })
  } catch (cause) {
    throw new PosternError('BAD_DATA_DIR', `The database ${file} cannot be opened`, { cause })
  }
}

interface Parts {
  readonly write: GroupWriter
  readonly writing: Connection
  readonly statements: Statements
}

/** All steps in one transaction: a stop in the middle leaves the database as it was. */
function migrate(
  { write, writing, statements }: Parts,
  schemas: readonly Schema[],
  options: MigrateOptions = {},
): Promise<MigrationReport> {
  statements.declare([...schemas, { room: 'store', tables: [keepingTable] }])
  return write.transaction(async (transaction) => {
    if (!tableExists(writing, keepingTable))
      for (const text of createTable(keepingTable, dialect).sql) writing.exec(text)
    const rows = await transaction.rows({ from: keepingTable.name, select: ['room', 'definition'] })
    const kept = rows.map((row) => ({ room: row['room'], table: row['definition'] }) as KeptTable)
    const { taken, report } = sortSteps(planSteps(kept, schemas, dialect), options)
    if (options.dryRun === true) return report
    for (const text of taken.flatMap((step) => step.sql)) writing.exec(text)
    for (const { room, table } of keptAfter(kept, schemas, report.withheld)) {
      const values = { name: table.name, room, definition: table }
      await transaction.run({
        insert: keepingTable.name,
        values,
        onConflict: { columns: ['name'], update: ['room', 'definition'] },
      })
    }
    const dropped = taken.map((step) => /^drop table (.+)$/.exec(step.text)?.[1]).filter((name) => name !== undefined)
    await transaction.run({ delete: keepingTable.name, where: { column: 'name', in: dropped } })
    return report
  })
}

function tableExists(connection: Connection, table: Table): boolean {
  const where = {
    all: [
      { column: 'type', is: 'eq', value: 'table' } as const,
      { column: 'name', is: 'eq', value: table.name } as const,
    ],
  }
  return connection.rows({ from: 'sqlite_master', select: ['name'], where }).length > 0
}
