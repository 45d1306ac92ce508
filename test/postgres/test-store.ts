import type { Store } from '../../src/store/port.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import { openSqlite } from '../../src/store/sqlite/open.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

/**
 * Rooms are tested on SQLite; the same files run again on PostgreSQL where this variable says so, which
 * `rooms-on-postgres.test.ts` does.
 */
const onPostgres = process.env['POSTERN_TEST_STORE'] === 'postgres'

/** A store on an empty database: a file, or a database of a test's own that goes when the store is closed. */
export async function openTestStore(file: string): Promise<Store> {
  if (!onPostgres) return openSqlite(file)
  const database = await createTestDatabase()
  const store = await openPostgres(database.url)
  const close = async (): Promise<void> => {
    await store.close()
    await database.drop()
  }
  return { ...store, close, [Symbol.asyncDispose]: close }
}

/** What tells a whole house to keep its content there too; undefined: in a file of its folder. */
export async function testDatabaseForHouse(): Promise<TestDatabase | undefined> {
  return onPostgres ? createTestDatabase() : undefined
}
