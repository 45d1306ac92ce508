import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { importObjects, type ImportOptions, type Rejection } from '../content/transfer/import-objects.ts'
import { readRecords } from '../content/transfer/read-records.ts'
import { PosternError } from '../errors/postern-error.ts'
import { importerOf } from '../registry/import-module.ts'
import type { Command, Given } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite, type Opened } from './open-site.ts'
import { say, sayJson } from './print.ts'
import { showProgress } from './progress.ts'
import { UsageError } from './usage-error.ts'

export const importCommand: Command = {
  positionals: [{ name: 'file', doc: 'x.ndjson or x.csv, also with .gz' }],
  options: {
    type: { type: 'string', value: 'name', doc: 'object type of the lines' },
    map: {
      type: 'string',
      value: 'file',
      doc: 'module whose default export makes fields of a line: (line, find) => fields',
    },
    rejects: {
      type: 'string',
      value: 'file',
      doc: 'where refused lines go, with reasons (default: <file>.rejected.ndjson)',
    },
    resume: { type: 'string', value: 'name', doc: 'go on where the import of this name ended (default: the file)' },
    again: { type: 'boolean', doc: 'begin with the first line, even where the last import broke off' },
    ...siteOptions,
    ...settingOptions,
  },
  run: (given) => withSite(given, (opened) => run(given, opened)),
}

async function run(given: Given, { root, house }: Opened): Promise<number> {
  const file = resolve(given.positional(0))
  const name = given.text('type')
  if (name === undefined) throw new UsageError('Say which type the lines are: --type artwork')
  const type = house.room().types.named(name)
  const rejects = new RejectFile(resolve(given.text('rejects') ?? `${file}.rejected.ndjson`))
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined) throw new UsageError(`There is no file ${file}.`)
  const shown = showProgress(`${type.name} kB`, Math.ceil(size / 1_000))
  const started = performance.now()
  const counts = await importObjects({
    room: house.room(),
    store: house.store,
    type: type.name,
    records: readRecords(file, type, (bytes) => shown.tick(bytes / 1_000)),
    rejected: (one, { skipped }) => rejects.add(one, { isResumed: skipped > 0 }),
    ...(await mapOf(root, given.text('map'))),
    resume: given.text('resume') ?? `${type.name} ${file}`,
    again: given.has('again'),
  })
  shown.done()
  rejects.close()
  const rate = Math.round((counts.created / (performance.now() - started)) * 1_000)
  if (given.has('json')) sayJson({ ...counts, rate, ...rejects.written })
  else say(sentence(counts, rate, rejects))
  return counts.rejected > 0 ? 1 : 0
}

async function mapOf(root: string, file: string | undefined): Promise<Pick<ImportOptions, 'map'>> {
  if (file === undefined) return {}
  const path = resolve(file)
  const { default: map } = await importerOf(root)(path)
  if (typeof map !== 'function')
    throw new PosternError('BAD_SITE', `${file} has no function as its default export.`, { at: { file: path } })
  return { map: map as NonNullable<ImportOptions['map']> }
}

function sentence(
  counts: { created: number; rejected: number; skipped: number },
  rate: number,
  rejects: RejectFile,
): string {
  const skipped = counts.skipped > 0 ? ` ${counts.skipped} lines had been taken before.` : ''
  const refused = counts.rejected > 0 ? ` ${counts.rejected} lines were refused: see ${rejects.path}.` : ''
  return `${counts.created} objects created, ${rate} a second.${skipped}${refused}`
}

/** Made with the first line that is refused; an import that goes on adds to what it refused before it broke off. */
class RejectFile {
  readonly path: string
  #handle: number | undefined

  constructor(path: string) {
    this.path = path
  }

  get written(): { rejects?: string } {
    return this.#handle === undefined ? {} : { rejects: this.path }
  }

  /** Ends the import where the reason cannot be kept: it can be gone on with. */
  add(one: Rejection, { isResumed }: { readonly isResumed: boolean }): void {
    this.#handle ??= openSync(this.path, isResumed ? 'a' : 'w')
    writeSync(this.#handle, `${JSON.stringify(one)}\n`)
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle)
  }
}
