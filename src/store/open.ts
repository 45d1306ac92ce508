import type { Store } from './port.ts'

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
