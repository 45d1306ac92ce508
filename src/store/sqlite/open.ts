import { DatabaseSync } from 'node:sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { PosternError } from '../../errors/postern-error.ts'
import type { Observer } from '../../observe/observer.ts'
import type { Reader, Store, Workbench } from '../port.ts'
import { Statements } from '../statements.ts'
import type { Schema } from '../table.ts'
import { keepingTable } from '../keeping.ts'
import { takeSteps } from '../take-steps.ts'
import { Connection, readerOf } from './connection.ts'
import { dialect } from './dialect.ts'
import { prove } from './fence.ts'
import { GroupWriter } from './writer.ts'

/** Opens or makes a database file, with its one writer and a connection of its own for reading. */
export function openSqlite(file: string, observer?: Observer): Store {
  assertVersion()
  mkdirSync(dirname(file), { recursive: true })
  const statements = new Statements(dialect)
  const write = new GroupWriter((isAfterFailure) => {
    const writing = opened(file, statements, false)
    // A checkpoint every 16 MB: pages that many writes touch, those of indexes above all, are then written back once (bench: create).
    writing.exec('pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864')
    writing.exec('pragma wal_autocheckpoint = 4000')
    if (isAfterFailure) prove(writing, file)
    return writing
  }, observer)
  const reading = opened(file, statements, true)
  const close = async (): Promise<void> => {
    await write.settle()
    reading.close()
    await write.close()
  }
  return {
    dialect: 'sqlite',
    read: readerOf(reading),
    write,
    declare: (...schemas) => statements.declare(schemas),
    migrate: async (schemas, options) => {
      statements.declare(schemas)
      return reshape({ write, statements }, (bench) => takeSteps(bench, schemas, options))
    },
    reshape: async (work) => reshape({ write, statements }, work),
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
  readonly statements: Statements
}

function reshape<Result>({ write, statements }: Parts, work: (bench: Workbench) => Promise<Result>): Promise<Result> {
  statements.declare([{ room: 'store', tables: [keepingTable] }])
  return write.transaction(async ({ rows, run }) => {
    const exec = async (text: string): Promise<void> => write.connection.exec(text)
    const hasTable = async (name: string): Promise<boolean> => tableExists(write.connection, name)
    const declare: Store['declare'] = (...schemas) => statements.declare(schemas)
    return work({ dialect, rows, run, exec, hasTable, declare })
  })
}

function tableExists(connection: Connection, name: string): boolean {
  const where = {
    all: [{ column: 'type', is: 'eq', value: 'table' } as const, { column: 'name', is: 'eq', value: name } as const],
  }
  return connection.rows({ from: 'sqlite_master', select: ['name'], where }).length > 0
}
