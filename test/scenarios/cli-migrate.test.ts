import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { postern, startPostern, temporaryFolder, type Ran } from './command-line.ts'

const folder = temporaryFolder()
const site = join(folder.path, 'site')
after(() => folder[Symbol.dispose]())

function type(fields: string): void {
  writeFileSync(
    join(site, 'types/book.ts'),
    `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'book', fields: { ${fields} }, rules: { read: allow.where({ genre: 'open' }), create: allow.user } })`,
  )
}

function run(...words: string[]): Promise<Ran> {
  return postern([...words, '--site', site])
}

interface Planned {
  readonly files: string[]
  readonly steps: { readonly do: string }[]
  readonly kept: string[]
}

async function plan(...words: string[]): Promise<Planned> {
  const ran = await run('migrate', ...words, '--json')
  assert.equal(ran.code, 0, ran.err)
  return JSON.parse(ran.out) as Planned
}

/** Serves until it listens, or says why not. */
async function start(): Promise<Ran> {
  const started = startPostern(['start', '--site', site])
  await started.says(/server\.started/).catch(() => '')
  started.process.kill('SIGTERM')
  return { code: await started.ended, out: started.out(), err: started.err() }
}

describe('a type that changes', () => {
  before(async () => {
    mkdirSync(join(site, 'types'), { recursive: true })
    type(`genre: field.text(), pages: field.text()`)
    const allowed = `{ books: ['filter[genre]', 'filter[author]', 'filter[title]'] }`
    writeFileSync(
      join(site, 'postern.config.ts'),
      `import { defineConfig } from 'postern'
export default defineConfig({ api: { whitelistObjectTypes: ['book'], validation: { allowedUrlParams: ${allowed} } } })`,
    )
    const books = ['{"title":"Kept","genre":"open","pages":"300"}', '{"title":"Odd","genre":"open","pages":"many"}']
    writeFileSync(join(folder.path, 'books.ndjson'), books.join('\n'))
    assert.equal((await run('import', join(folder.path, 'books.ndjson'), '--type', 'book')).code, 0)
  })

  test('while developing, gains columns by itself and keeps what is no longer named; doctor says both', async () => {
    type(`genre: field.text(), author: field.text()`)
    const first = await run('export', '--type', 'book')
    assert.match(first.out, /"title":"Kept".*"author":null/)
    const { out } = await run('doctor', '--json')
    const { findings } = JSON.parse(out) as { findings: { state: string; what: string; hint?: string }[] }
    const warned = findings.filter((one) => one.state === 'warning')
    assert.ok(warned.some(({ what, hint }) => what.includes('keeps book.pages') && hint?.includes('--drop book.pages')))
    const without = warned.filter(({ what }) => what.includes('no index')).map(({ what, hint }) => `${what} | ${hint}`)
    assert.deepEqual(without, [
      'Its rules speak of fields of book that have no index: genre | Add index: true to them, in types/book.ts:2.',
      'Lists may be filtered by fields of book that have no index: genre, author | Add index: true to them, or allow fewer filters; in types/book.ts:2.',
    ])
    type(`genre: field.text(), author: field.text(), pages: field.text()`)
    assert.match((await run('export', '--type', 'book')).out, /"pages":"300"/)
  })

  test('a database of development is served as it is, and then changes by files alone', async () => {
    assert.equal((await start()).code, 0)
    type(`genre: field.text(), writer: field.text({ index: true }), pages: field.integer()`)
    const refused = await start()
    assert.equal(refused.code, 1)
    assert.match(refused.err, /add book\.writer: text, index[\s\S]*change book\.pages: text → integer/)
    assert.match(refused.err, /postern migrate.*\[MIGRATION_NEEDED\]/)
    assert.match((await run('export', '--type', 'book')).err, /MIGRATION_NEEDED/, 'no command changes it either')
    assert.equal((await run('migrate', '--check')).code, 1)
    assert.ok(!readdirSync(site).includes('migrations'), 'a check writes nothing')
  })

  test('a slip on the line is named, and writes nothing', async () => {
    const slips: [words: string[], message: RegExp][] = [
      [['--drop', 'book.pagse'], /book\.pagse is nothing that the types no longer name\. There is book\.author/],
      [['--rename', 'book.author'], /Say --rename type\.old=new/],
      [['--rename', 'book.author=nobody'], /book has no such field/],
      [['--apply', '--drop', 'book.author'], /leave --apply away/],
    ]
    await Promise.all(
      slips.map(async ([words, message]) => {
        const { code, err } = await run('migrate', ...words)
        assert.equal(code, 2, err)
        assert.match(err, message)
      }),
    )
    assert.ok(!readdirSync(site).includes('migrations'))
  })

  test('its plan is a file that can be read, and a rename keeps what was written', async () => {
    const { files, steps, kept } = await plan('--rename', 'book.author=writer')
    assert.equal(files.length, 2)
    assert.match(files.join(' '), /^\d{4}-\d\d-\d\dT\d{4}-begin\.json \S+-rename-book-author-to-writer\.json$/)
    assert.deepEqual(
      steps.map((step) => step.do),
      ['rename field', 'change field', 'change field'],
    )
    assert.deepEqual(kept, [])
    const text = readFileSync(join(site, 'migrations', files[1] ?? ''), 'utf8')
    assert.match(text, /^ {4}\{ "do": "rename field", "type": "book", "field": "author", "to": "writer" \},$/m)
    assert.equal((await run('migrate', '--check')).code, 0)
    assert.deepEqual((await plan()).files, [], 'there is nothing more to say')
  })

  test('a value that does not fit is named and changes nothing; once mended, start applies the files', async () => {
    const refused = await run('migrate', '--apply')
    assert.equal(refused.code, 1)
    assert.match(refused.err, /rename-book-author-to-writer\.json:\d+:\d+: 1 object \(id 2\).*book\.pages/)
    assert.match((await start()).err, /MIGRATION_MISFIT/)
    const database = new DatabaseSync(join(site, 'data/postern.sqlite'))
    database.exec("update type_book set pages = '12' where id = 2; update type_book set author = 'Ann' where id = 1")
    database.close()
    const served = await start()
    assert.equal(served.code, 0, served.err)
    assert.match(served.out, /rename book\.author to writer.*"types\.migrated"/)
    const { out } = await run('export', '--type', 'book')
    assert.match(out, /"writer":"Ann","pages":300/)
    assert.match(out, /"writer":null,"pages":12/)
    assert.equal((await run('migrate', '--apply')).out.trim(), 'There was nothing to apply.')
  })

  test('only what is named is dropped, and a file that was applied cannot be edited', async () => {
    type(`genre: field.text(), pages: field.integer()`)
    assert.deepEqual((await plan()).kept, ['book.writer'])
    const { files, steps } = await plan('--drop', 'book.writer', '--name', 'No writers')
    assert.match(files.join(), /-no-writers\.json$/)
    assert.deepEqual(steps, [{ do: 'drop field', type: 'book', field: 'writer', loses: true }])
    const applied = await run('migrate', '--apply', '--json')
    assert.equal(applied.code, 0, applied.err)
    assert.deepEqual(JSON.parse(applied.out), {
      applied: [{ file: files[0], steps: ['drop book.writer and every value in it'] }],
      ahead: [],
    })
    const file = join(site, 'migrations', files[0] ?? '')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replaceAll('"writer"', '"genre"'))
    const refusals = [['migrate', '--apply'], ['start'], ['migrate']].map((words) => run(...words))
    for (const { code, err } of await Promise.all(refusals)) {
      assert.equal(code, 1)
      assert.match(err, /no-writers\.json.*[\s\S]*\[MIGRATION_CHANGED\]/)
    }
    writeFileSync(file, text.replace('  "steps"', '\n  "steps"'))
    assert.equal((await run('migrate', '--check')).code, 0, 'spaces are no edit')
  })

  test('an empty database is given everything at once, and asks for no file', async () => {
    const empty = ['--data-dir', join(folder.path, 'empty')]
    const started = startPostern(['start', '--site', site, ...empty])
    await started.says(/server\.started/)
    started.process.kill('SIGTERM')
    assert.equal(await started.ended, 0)
    assert.doesNotMatch(started.out(), /types\.migrated/)
    assert.equal((await run('migrate', '--apply', ...empty)).out.trim(), 'There was nothing to apply.')
  })
})
