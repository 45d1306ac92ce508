import type { Reader, Store } from './port.ts'
import type { Schema } from './table.ts'

export interface StoreLocation {
  /** `postgres://…`; absent: the file. */
  readonly url?: string | undefined
  /** The SQLite file. */
  readonly file: string
}

/** Opens the database that the settings name; only the driver that is needed is loaded. */
export async function openStore(location: StoreLocation): Promise<Store> {
  const { openSqlite } = await import('./sqlite/open.ts')
  return openSqlite(location.file)
}

/** The reading side alone, on connections of its own, for another thread. */
export async function openReader(location: StoreLocation, schemas: readonly Schema[]): Promise<AsyncDisposable & { read: Reader }> {
  const { openSqliteReader } = await import('./sqlite/open.ts')
  const reader = openSqliteReader(location.file, schemas)
  return { read: reader.read, [Symbol.asyncDispose]: async () => reader[Symbol.dispose]() }
}
