import { PosternError } from '../errors/postern-error.ts'
import type { Observer } from '../observe/observer.ts'
import type { Reader, Store } from './port.ts'
import type { Schema } from './table.ts'

export interface StoreLocation {
  /** `postgres://…`; absent: the file. */
  readonly url?: string | undefined
  /** The SQLite file. */
  readonly file: string
}

/** Opens the database that the settings name; only the driver that is needed is loaded. The observer hears that the disk failed. */
export async function openStore(location: StoreLocation, observer?: Observer): Promise<Store> {
  if (location.url !== undefined) return (await postgres()).openPostgres(location.url)
  const { openSqlite } = await import('./sqlite/open.ts')
  return openSqlite(location.file, observer)
}

/** The reading side alone, on connections of its own, for another thread. */
export async function openReader(
  location: StoreLocation,
  schemas: readonly Schema[],
): Promise<AsyncDisposable & { read: Reader }> {
  if (location.url !== undefined) return (await postgres()).openPostgresReader(location.url, schemas)
  const { openSqliteReader } = await import('./sqlite/open.ts')
  const reader = openSqliteReader(location.file, schemas)
  return { read: reader.read, [Symbol.asyncDispose]: async () => reader[Symbol.dispose]() }
}

/** `pg` is only there where a site installed it. */
async function postgres(): Promise<typeof import('./postgres/open.ts')> {
  try {
    return await import('./postgres/open.ts')
  } catch (cause) {
    if (!isMissing(cause)) throw cause
    throw new PosternError('BAD_SETTING', 'DATABASE_URL asks for PostgreSQL, but its driver is not installed', {
      hint: 'Run `npm install pg` in the site.',
      cause,
    })
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND'
}
