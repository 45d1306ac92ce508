import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { PosternError } from '../../errors/postern-error.ts'
import type { Keeper } from '../keeper.ts'
import { keepingTable } from '../keeping.ts'
import { syncToDisk } from '../sync-to-disk.ts'

/** Copies pages behind the back of those who read and write, as SQLite's own backup does. */
export function sqliteKeeper(file: string): Keeper {
  return {
    backup: (to) => copyOut(file, to),
    check: async (from) => assertWhole(from),
    restore: (from) => copyIn(file, from),
    isEmpty: async () => isAbsent(file),
  }
}

/**
 * One reading transaction holds the moment that is copied, so a copy of any length is of one moment and no writer waits for
 * it. The copy goes to disk as it grows: a large one flushed at its end would keep every writer waiting.
 */
async function copyOut(file: string, to: string): Promise<void> {
  const source = new DatabaseSync(file, { readOnly: true })
  const flushing = new AbortController()
  try {
    source.exec('begin')
    source.prepare('select count(*) from sqlite_master').get()
    const flushed = flush(to, flushing.signal)
    await backup(source, to, { rate: pagesAtOnce })
    flushing.abort()
    await flushed
  } finally {
    flushing.abort()
    source.close()
  }
  // A file by itself, without a log beside it.
  const copy = new DatabaseSync(to)
  copy.exec('pragma journal_mode = delete')
  copy.close()
}

async function flush(file: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const handle = await open(file, 'r+').catch(() => undefined)
    await handle?.datasync()
    await handle?.close()
    await sleep(10)
  }
}

/** Writes the backup's pages into the living file as one transaction: those who read go on with what they see until they ask anew. */
async function copyIn(file: string, from: string): Promise<void> {
  if (await isAbsent(file)) return putInPlace(file, from)
  await copyPages(from, file)
}

/** Where the file is gone its log may have stayed behind, which SQLite would take for that of the file that comes. */
async function putInPlace(file: string, from: string): Promise<void> {
  const part = `${file}.part`
  await mkdir(dirname(file), { recursive: true })
  await rm(part, { force: true })
  try {
    await copyPages(from, part)
    await syncToDisk(part)
    for (const left of [`${file}-wal`, `${file}-shm`]) await rm(left, { force: true })
    await rename(part, file)
    await syncToDisk(dirname(file))
  } finally {
    await rm(part, { force: true })
  }
}

async function copyPages(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true })
  try {
    await backup(source, to, { rate: allPages })
  } finally {
    source.close()
  }
}

function assertWhole(from: string): void {
  let source: DatabaseSync | undefined
  try {
    source = new DatabaseSync(from, { readOnly: true })
    const said = source.prepare('pragma integrity_check(1)').get()?.['integrity_check']
    if (said !== 'ok') throw new Error(String(said))
    source.prepare(`select count(*) from ${keepingTable.name}`).get()
  } catch (cause) {
    throw new PosternError('BAD_BACKUP', `${from} is not a whole database of Postern; nothing was changed`, { cause })
  } finally {
    source?.close()
  }
}

async function isAbsent(file: string): Promise<boolean> {
  return stat(file).then(
    ({ size }) => size === 0,
    () => true,
  )
}

const pagesAtOnce = 256
/** The destination is locked from the first page to the last, so there is nothing to gain from pauses. */
const allPages = 2 ** 31 - 1
