import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Fault } from './site.ts'

const kept = 50

const entrySchema = z.object({
  /** ISO 8601 UTC. */
  time: z.string(),
  kind: z.enum(['stall', 'heap', 'exit', 'uncaught']),
  endpoint: z.string().optional(),
  at: z.object({ file: z.string(), line: z.number().optional() }).optional(),
  message: z.string(),
})

export type FaultEntry = Fault & { readonly time: string }

/** The faults of a site's thread that are remembered in its data folder, newest last; none where nothing can be read. */
export function readFaults(dataDir: string): readonly FaultEntry[] {
  try {
    const parsed = z.array(entrySchema).safeParse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')))
    return parsed.success ? (parsed.data as readonly FaultEntry[]) : []
  } catch {
    return []
  }
}

/** Remembers the last faults of a site's thread, for `doctor` to show also after the server has stopped. */
export class FaultLog {
  readonly #file: string
  #entries: readonly FaultEntry[]
  #writing: Promise<void> = Promise.resolve()

  constructor(dataDir: string) {
    this.#file = fileIn(dataDir)
    this.#entries = readFaults(dataDir)
  }

  get entries(): readonly FaultEntry[] {
    return this.#entries
  }

  add(fault: Fault): void {
    this.#entries = [...this.#entries, { time: new Date().toISOString(), ...fault }].slice(-kept)
    this.#writing = this.#writing.then(() => this.#write())
  }

  /** Resolves when all that was added has been written. */
  async settled(): Promise<void> {
    await this.#writing
  }

  /** A full disk must not take the server down as well: then the log holds in memory alone. */
  async #write(): Promise<void> {
    try {
      await mkdir(dirname(this.#file), { recursive: true })
      await writeFile(`${this.#file}.new`, JSON.stringify(this.#entries, null, 1))
      await rename(`${this.#file}.new`, this.#file)
    } catch {
      return
    }
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'faults.json')
}
