import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PosternError } from '../errors/postern-error.ts'
import type { Keeper } from './keeper.ts'
import type { StoreLocation } from './open.ts'
import { syncToDisk } from './sync-to-disk.ts'

export interface BackupReport {
  readonly file: string
  readonly bytes: number
}

export interface RestoreReport {
  /** Where that is which the restore replaced; absent where there was nothing. */
  readonly kept: string | undefined
}

/**
 * A backup while the server goes on writing: a file of SQLite, or compressed lines of JSON from PostgreSQL. The file
 * appears under its name when it is whole, checked and on disk. An existing file is never written over.
 */
export async function backupStore(location: StoreLocation, to: string): Promise<BackupReport> {
  if (await exists(to))
    throw new PosternError('BAD_BACKUP', `${to} exists already; a backup is never written over another`)
  await mkdir(dirname(to), { recursive: true })
  await writeBackup(await keeperOf(location), to)
  return { file: to, bytes: (await stat(to)).size }
}

/**
 * Puts a backup in the place of what is there, also while the server runs, which then sees it all at once. What was there
 * is backed up first, beside the backup: a restore never destroys the only copy. Restart servers afterwards where the
 * backup is of an older version of the site, so that it is migrated.
 */
export async function restoreStore(location: StoreLocation, from: string): Promise<RestoreReport> {
  const keeper = await keeperOf(location)
  if (!(await exists(from))) throw new PosternError('BAD_BACKUP', `There is no backup ${from}`)
  await keeper.check(from)
  const kept = (await keeper.isEmpty())
    ? undefined
    : `${from}.replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  if (kept !== undefined) await writeBackup(keeper, kept)
  await keeper.restore(from)
  return { kept }
}

async function keeperOf({ url, file }: StoreLocation): Promise<Keeper> {
  if (url !== undefined) return (await import('./postgres/backup.ts')).postgresKeeper(url)
  return (await import('./sqlite/backup.ts')).sqliteKeeper(file)
}

async function writeBackup(keeper: Keeper, to: string): Promise<void> {
  const part = `${to}.part`
  await rm(part, { force: true })
  try {
    await keeper.backup(part)
    await keeper.check(part)
    await syncToDisk(part)
    await rename(part, to)
    await syncToDisk(dirname(to))
  } finally {
    await rm(part, { force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
