import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { postern, temporaryFolder } from './command-line.ts'

const folder = temporaryFolder()
const site = join(folder.path, 'site')

function type(fields: string): void {
  writeFileSync(
    join(site, 'types/book.ts'),
    `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'book', fields: { ${fields} }, rules: { read: allow.where({ genre: 'open' }), create: allow.user } })`,
  )
}

async function migrate(...words: string[]): Promise<{ taken: string[]; withheld: string[] }> {
  const ran = await postern(['migrate', ...words, '--json', '--site', site])
  assert.equal(ran.code, 0, ran.err)
  return JSON.parse(ran.out) as { taken: string[]; withheld: string[] }
}

describe('a type that changes', () => {
  before(() => {
    mkdirSync(join(site, 'types'), { recursive: true })
    type(`genre: field.text(), pages: field.integer()`)
    writeFileSync(join(folder.path, 'books.ndjson'), '{"title":"Kept","genre":"open","pages":300}')
  })
  after(() => folder[Symbol.dispose]())

  test('gains columns by itself, and loses one only when told so in its own words', async () => {
    await postern(['import', join(folder.path, 'books.ndjson'), '--type', 'book', '--site', site])
    type(`genre: field.text(), author: field.text()`)
    const step = 'drop column type_book.pages'
    assert.deepEqual(await migrate(), { taken: [], withheld: [step] })
    type(`genre: field.text(), author: field.text(), pages: field.integer()`)
    const back = await postern(['export', '--type', 'book', '--site', site])
    assert.match(back.out, /"pages":300/)
    type(`genre: field.text(), author: field.text()`)
    assert.deepEqual(await migrate('--allow', 'drop column type_book.genre'), { taken: [], withheld: [step] })
    assert.deepEqual(await migrate('--allow', step), { taken: [step], withheld: [] })
    type(`genre: field.text(), author: field.text(), pages: field.integer()`)
    const gone = await postern(['export', '--type', 'book', '--site', site])
    assert.match(gone.out, /"title":"Kept".*"pages":null/)
  })

  test('doctor tells what is kept, and fields of rules without an index', async () => {
    type(`genre: field.text()`)
    const { out } = await postern(['doctor', '--json', '--site', site])
    const { findings } = JSON.parse(out) as { findings: { state: string; what: string; hint?: string }[] }
    const warned = findings.filter((one) => one.state === 'warning')
    assert.ok(
      warned.some(
        (one) => one.what.includes('drop column type_book.author') && one.hint?.includes('postern migrate --allow'),
      ),
    )
    assert.ok(warned.some((one) => /rules speak of fields of book .*: genre/.test(one.what)))
  })
})
