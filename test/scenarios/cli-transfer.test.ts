import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { postern, temporaryFolder } from './command-line.ts'

const folder = temporaryFolder()
const site = join(folder.path, 'site')
const file = (name: string): string => join(folder.path, name)
const line = (...words: string[]): string[] => [...words, '--site', site]

describe('import and export', () => {
  before(() => {
    mkdirSync(join(site, 'types'), { recursive: true })
    writeFileSync(
      join(site, 'types/book.ts'),
      `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'book', fields: { code: field.text({ unique: true }), note: field.text({ private: true }) }, rules: { read: allow.where({ status: 'on' }) } })`,
    )
    writeFileSync(
      file('map.ts'),
      `export default (line) => (line.skip ? undefined : { title: line.name, code: line.code, note: 'hush' })`,
    )
  })
  after(() => folder[Symbol.dispose]())

  test('creates an object for each line, and tells the lines it refused', async () => {
    const rows = [
      ...Array.from({ length: 300 }, (_, index) => ({ name: `B ${index}`, code: `c${index}` })),
      { skip: true },
      { name: 'again', code: 'c7' },
    ]
    writeFileSync(file('books.ndjson.gz'), gzipSync(rows.map((row) => JSON.stringify(row)).join('\n')))
    const ran = await postern(
      line('import', file('books.ndjson.gz'), '--type', 'book', '--map', file('map.ts'), '--json'),
    )
    assert.equal(ran.code, 1, ran.err)
    const told = JSON.parse(ran.out) as Record<string, unknown>
    assert.deepEqual(
      { ...told, rate: 0 },
      { read: 302, created: 300, rejected: 1, skipped: 0, rate: 0, rejects: file('books.ndjson.gz.rejected.ndjson') },
    )
    const [refused] = readFileSync(file('books.ndjson.gz.rejected.ndjson'), 'utf8').split('\n')
    assert.match(refused ?? '', /"line":302,"reason":"Already taken: code"/)
  })

  test('writes out what it took in, without what is private', async () => {
    const ran = await postern(line('export', '--type', 'book', '--out', file('out.ndjson.gz')))
    assert.equal(ran.code, 0, ran.err)
    const lines = gunzipSync(readFileSync(file('out.ndjson.gz')))
      .toString()
      .trim()
      .split('\n')
    assert.equal(lines.length, 300)
    assert.ok(lines.every((one) => !one.includes('hush')))
    const csv = await postern(line('export', '--type', 'book', '--format', 'csv'))
    assert.equal(csv.out.trim().split('\r\n').length, 301)
  })

  test('says what is missing, and touches nothing', async () => {
    const before = readFileSync(file('out.ndjson.gz'))
    for (const [words, message] of [
      [['import', file('books.ndjson.gz')], /--type/],
      [['import', file('nothing.ndjson'), '--type', 'book'], /no file/],
      [['import', file('books.ndjson.gz'), '--type', 'bok'], /no object type "bok".*"book"/],
      [['export'], /--type/],
      [['export', '--type', 'book', '--format', 'xml'], /ndjson or csv/],
      [['export', '--type', 'book', '--user', 'nobody'], /nobody/],
      [['export', '--type', 'bok', '--out', file('out.ndjson.gz')], /no object type "bok"/],
    ] as const) {
      const ran = await postern(line(...words))
      assert.notEqual(ran.code, 0)
      assert.match(ran.err, message)
    }
    assert.ok(!existsSync(file('nothing.ndjson.rejected.ndjson')))
    assert.deepEqual(readFileSync(file('out.ndjson.gz')), before, 'what was exported before is still there')
    assert.ok(!existsSync(file('out.ndjson.gz.part')))
  })

  test('ends where the lines it refuses cannot be kept, and goes on without losing one', async () => {
    const rows = [{ code: 'd1' }, { wrong: 1 }, { code: 'd2' }]
    writeFileSync(file('more.ndjson'), rows.map((row) => JSON.stringify(row)).join('\n'))
    const run = (rejects: string) =>
      postern(line('import', file('more.ndjson'), '--type', 'book', '--rejects', rejects))
    const broken = await run(file('no folder/rejects'))
    assert.equal(broken.code, 1)
    assert.match(broken.err, /ENOENT/)
    assert.doesNotMatch(broken.out, /see/)
    assert.match((await run(file('rejects'))).out, /1 lines were refused: see/)
    assert.match(readFileSync(file('rejects'), 'utf8'), /"line":2/)
  })
})
