import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { runTest } from './run-test.ts'

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

export interface Covering {
  readonly test: string
  readonly ms: number
  /** Whether the test ran what stands at this offset of the file. */
  readonly ran: (file: string, offset: number) => boolean
}

/** Runs a test once, unharmed, to learn what it runs and how long it takes. Throws where it fails already. */
export async function coverageOf(test: string): Promise<Covering> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-mutation-'))
  try {
    const { passed, ms, said } = await runTest(test, { coverage: folder, limit: 120_000 })
    if (!passed) throw new Error(`${test} fails without any fault planted:\n${said.slice(-2_000)}`)
    const ranges = readRanges(folder)
    return { test, ms, ran: (file, offset) => isRun(ranges.get(file), offset) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The innermost function around an offset says whether it ran; type stripping keeps every offset. Blocks within functions are
 * not asked: around `await` V8 counts them wrongly.
 */
function isRun(ranges: readonly Range[] | undefined, offset: number): boolean {
  const around = (ranges ?? []).filter((range) => range.startOffset <= offset && offset < range.endOffset)
  const inner = around.toSorted(
    (one, other) => one.endOffset - one.startOffset - (other.endOffset - other.startOffset),
  )[0]
  return inner !== undefined && inner.count > 0
}

const written = z.object({
  result: z.array(
    z.object({
      url: z.string(),
      functions: z.array(
        z.object({ ranges: z.array(z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() })) }),
      ),
    }),
  ),
})

function readRanges(folder: string): ReadonlyMap<string, readonly Range[]> {
  const byFile = new Map<string, Range[]>()
  for (const name of readdirSync(folder)) {
    const { result } = written.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    for (const { url, functions } of result) {
      if (!url.startsWith('file:')) continue
      const file = fileURLToPath(url)
      byFile.set(file, [...(byFile.get(file) ?? []), ...functions.flatMap((one) => one.ranges.slice(0, 1))])
    }
  }
  return byFile
}
