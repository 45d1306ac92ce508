import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip, gunzipSync } from 'node:zlib'
import { PosternError } from '../errors/postern-error.ts'
import type { Content, Fields } from '../endpoint/content.ts'
import type { ImportOptions, Progress } from './define-seed.ts'

interface Importing {
  readonly root: string
  readonly content: Content
  readonly progress: (label: string) => Progress
}

/** Writes under way at once: enough for them to share commits, few enough to stay small in memory. */
const together = 250

/** Creates an object for each line and returns how many there were; the first that is refused ends it, named by file and line. */
export async function importFile(
  { root, content, progress }: Importing,
  path: string,
  options: ImportOptions,
): Promise<number> {
  const { type, fields = (line: Fields) => line } = options
  const shown = progress(type)
  const refusals: PosternError[] = []
  let made = 0
  let batch: Promise<unknown>[] = []

  async function settle(): Promise<void> {
    await Promise.all(batch)
    if (refusals[0] !== undefined) throw refusals[0]
    shown.tick(batch.length)
    made += batch.length
    batch = []
  }

  for await (const { line, number } of linesOf(root, path)) {
    const wanted = fields(parsed(line, `${path}:${number}`))
    if (wanted === undefined) continue
    const refuse = (cause: unknown): void => void refusals.push(refusal(`${path}:${number}`, cause))
    batch.push(content.create(type, wanted).catch(refuse))
    if (batch.length >= together) await settle()
  }
  await settle()
  shown.done()
  return made
}

async function* linesOf(
  root: string,
  path: string,
): AsyncGenerator<{ readonly line: unknown; readonly number: number }> {
  const file = join(root, path)
  if (/\.json(\.gz)?$/.test(file)) {
    const bytes = await readFile(file)
    const list = json((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'), path)
    if (!Array.isArray(list)) throw new PosternError('BAD_SITE', `${file} holds no list.`, { at: { file } })
    for (const [index, line] of list.entries()) yield { line, number: index + 1 }
    return
  }
  const bytes = createReadStream(file)
  const input = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes
  let number = 0
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number++
    if (text.trim() !== '') yield { line: json(text, `${path}:${number}`), number }
  }
}

function json(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new PosternError('BAD_SITE', `${place} is not JSON.`, { cause })
  }
}

function parsed(line: unknown, place: string): Fields {
  if (typeof line === 'object' && line !== null && !Array.isArray(line)) return { ...line }
  throw new PosternError('BAD_SITE', `${place} is no object.`)
}

function refusal(place: string, cause: unknown): PosternError {
  const message = cause instanceof Error ? cause.message : String(cause)
  const errors = cause instanceof PosternError ? cause.errors : []
  return new PosternError('BAD_SITE', `${place} cannot be imported: ${message}`, { cause, errors })
}
