import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { PosternError } from '../../errors/postern-error.ts'
import type { Observer } from '../../observe/observer.ts'
import type { Connection } from './connection.ts'

interface Options {
  readonly observer: Observer | undefined
  /** Gives up the connection that failed, and comes back with one that was looked through and has written. Throws where it cannot. */
  readonly mend: () => void
}

/**
 * Stands between writers and a file whose disk has failed. What the system says after a failed write or fsync is not to be
 * trusted, so nothing is tried again on the same connection, and nobody is told that anything was written, until the
 * file was opened anew. Reads go on.
 */
export class Fence {
  readonly #options: Options
  #raised: number | undefined
  #closed = false

  constructor(options: Options) {
    this.#options = options
  }

  /** UNAVAILABLE while nothing may be written. */
  get refusal(): PosternError | undefined {
    if (this.#raised === undefined) return undefined
    return new PosternError(
      'UNAVAILABLE',
      'The disk of the database failed; nothing is written until it is well again',
      {
        headers: { 'retry-after': '2' },
      },
    )
  }

  raise(thrown: unknown): void {
    if (this.#raised !== undefined) return
    this.#raised = performance.now()
    this.#options.observer?.note({ kind: 'house.failed', where: 'the database stops writing', thrown })
    void this.#mend()
  }

  close(): void {
    this.#closed = true
  }

  async #mend(): Promise<void> {
    for (let pause = firstPause; this.#raised !== undefined; pause = Math.min(2 * pause, longestPause)) {
      await sleep(pause, undefined, { ref: false })
      if (this.#closed) return
      try {
        this.#options.mend()
        this.#options.observer?.note({ kind: 'store.mended', ms: performance.now() - this.#raised })
        this.#raised = undefined
      } catch {
        // Still not well: the next look comes later.
      }
    }
  }
}

/**
 * Throws where the file is not whole or the disk takes nothing. The write goes to where the failed one began, so that nothing
 * of that one is found there when the file is next opened after a crash. Large files are not read through: that would
 * keep everybody waiting, and a disk that fails tears nothing that SQLite had on it.
 */
export function prove(connection: Connection, file: string): void {
  const said = statSync(file).size > mostLookedThrough ? 'ok' : connection.ask('pragma quick_check(1)')
  if (said !== 'ok') throw new Error(`The database is not whole: ${String(said)}`)
  connection.exec(`pragma user_version = ${Number(connection.ask('pragma user_version'))}`)
  connection.exec('pragma wal_checkpoint(passive)')
}

const firstPause = 250
const longestPause = 5_000
/** Bytes; a tenth of a second. */
const mostLookedThrough = 67_108_864
