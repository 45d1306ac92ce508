import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { hashOfFiles, hashOfTest, keptFolder } from './kept-verdicts.ts'
import { root, runTest } from './run-test.ts'

const range = z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() })
const measured = z.object({ of: z.string(), ms: z.number(), ranges: z.record(z.string(), z.array(range)) })

type Range = z.infer<typeof range>
type Measured = z.infer<typeof measured>

export interface Covering {
  readonly test: string
  readonly ms: number
  /** Whether the test ran what stands at this offset of the file. */
  readonly ran: (file: string, offset: number) => boolean
}

/**
 * What a test runs and how long it takes: learned by running it once, unharmed, and kept until it or any source changes.
 * Throws where it fails already.
 */
export async function coverageOf(test: string): Promise<Covering> {
  const of = `${hashOfTest(test)} ${hashOfFiles('src/**/*.ts')}`
  const file = join(keptFolder(), `${test.replaceAll('/', '-')}.json`)
  const before = existsSync(file) ? measured.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
  const { ms, ranges } = before?.of === of ? before : await measure(test)
  if (before?.of !== of) writeFileSync(file, JSON.stringify({ of, ms, ranges }))
  return { test, ms, ran: (source, offset) => isRun(ranges[source], offset) }
}

async function measure(test: string): Promise<Pick<Measured, 'ms' | 'ranges'>> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-mutation-'))
  try {
    const { passed, ms, said } = await runTest(test, { coverage: folder, limit: 120_000 })
    if (!passed) throw new Error(`${test} fails without any fault planted:\n${said.slice(-2_000)}`)
    return { ms, ranges: readRanges(folder) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The innermost function around an offset says whether it ran; type stripping keeps every offset. Blocks within functions are
 * not asked: around `await` V8 counts them wrongly.
 */
function isRun(ranges: readonly Range[] | undefined, offset: number): boolean {
  const around = (ranges ?? []).filter((one) => one.startOffset <= offset && offset < one.endOffset)
  const smallest = Math.min(...around.map((one) => one.endOffset - one.startOffset))
  return around.some((one) => one.endOffset - one.startOffset === smallest && one.count > 0)
}

const written = z.object({
  result: z.array(z.object({ url: z.string(), functions: z.array(z.object({ ranges: z.array(range) })) })),
})

/** By path from the root; only what could hold a fault is kept. Each thread writes a file of its own. */
function readRanges(folder: string): Record<string, Range[]> {
  const byFile: Record<string, Range[]> = {}
  for (const name of readdirSync(folder)) {
    const { result } = written.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    for (const { url, functions } of result) {
      const file = url.startsWith('file:') ? relative(root, fileURLToPath(url)) : ''
      if (/^src\/(rules|accounts|content|store)\//.test(file) && !file.endsWith('.test.ts'))
        (byFile[file] ??= []).push(...functions.flatMap((one) => one.ranges.slice(0, 1)))
    }
  }
  return byFile
}
