import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { postern, startPostern, temporaryFolder, type Ran } from './command-line.ts'

const folder = temporaryFolder()
const site = join(folder.path, 'site')
after(() => folder[Symbol.dispose]())

const down = '\u001B[B'
const enter = '\r'
const controlC = '\u0003'

/** Runs `postern …` at a terminal: as each question shows, its keys are pressed. All that shows is in `out`, without colours. */
async function atTerminal(
  line: readonly string[],
  answers: readonly (readonly [question: RegExp, keys: string])[],
): Promise<Ran> {
  const preload = pathToFileURL(join(import.meta.dirname, 'pretend-terminal.ts')).href
  const started = startPostern(line, { cwd: folder.path, env: { NODE_OPTIONS: `--import ${preload}` } })
  for (const [question, keys] of answers) {
    await started.says(question)
    started.process.stdin?.write(keys)
  }
  // A terminal stays open, and lets the process end all the same; a pipe does not.
  started.process.stdin?.end()
  const code = await started.ended
  return { code, out: stripVTControlCharacters(started.out()), err: started.err() }
}

function type(fields: string): void {
  const text = `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'book', fields: { ${fields} }, rules: { read: allow.everyone, create: allow.user } })`
  writeFileSync(join(site, 'types/book.ts'), text)
}

function written(): readonly string[] {
  return existsSync(join(site, 'migrations')) ? readdirSync(join(site, 'migrations')).toSorted() : []
}

describe('what the types no longer name is asked for at a terminal', () => {
  before(async () => {
    mkdirSync(join(site, 'types'), { recursive: true })
    type(`genre: field.text(), pages: field.text(), colour: field.text(), smell: field.text()`)
    const row = { title: 'Kept', genre: 'novel', pages: '300', colour: 'red', smell: 'old' }
    writeFileSync(join(folder.path, 'books.ndjson'), JSON.stringify(row))
    const books = join(folder.path, 'books.ndjson')
    assert.equal((await postern(['import', books, '--type', 'book', '--site', site])).code, 0)
    type(`kind: field.text(), author: field.text()`)
  })

  test('whoever leaves with Ctrl-C has changed nothing', async () => {
    const left = await atTerminal(
      ['migrate', '--site', site],
      [
        [/No type names book\.genre any more/, enter],
        [/No type names book\.pages any more/, controlC],
      ],
    )
    assert.equal(left.code, 2, left.err)
    assert.match(left.err, /Nothing was written\./)
    assert.deepEqual(written(), [])
  })

  test('without a terminal, and for a machine, nothing is asked: all is kept', async () => {
    const machine = await atTerminal(['migrate', '--check', '--json', '--site', site], [])
    assert.doesNotMatch(machine.out, /No type names/)
    const said = await postern(['migrate', '--check', '--site', site])
    assert.doesNotMatch(said.out, /No type names/)
    assert.equal(said.code, 1)
    assert.deepEqual(written(), [])
  })

  test('each is kept, renamed or dropped as it is answered, and a new name is offered once', async () => {
    const asked = await atTerminal(
      ['migrate', '--site', site, '--drop', 'book.smell'],
      [
        [/No type names book\.genre any more/, `${down}${enter}`],
        [/No type names book\.pages any more/, enter],
        [/No type names book\.colour any more/, `${down}${down}${enter}`],
      ],
    )
    assert.equal(asked.code, 0, asked.err)
    assert.match(
      asked.out,
      /Keep it and its values in the database[\s\S]*It is called kind now[\s\S]*It is called author now/,
    )
    const afterGenre = asked.out.slice(asked.out.indexOf('book.pages any more'))
    assert.doesNotMatch(afterGenre, /It is called kind now/)
    assert.doesNotMatch(asked.out, /No type names book\.smell/, 'what the line says is not asked')
    assert.match(asked.out, /kept: book\.pages/)
    const [begin, file = ''] = written()
    assert.match(`${begin} ${file}`, /begin\.json \S+\.json$/)
    const { steps } = JSON.parse(readFileSync(join(site, 'migrations', file), 'utf8')) as { steps: { do: string }[] }
    assert.deepEqual(
      steps.map((step) => Object.values(step).join(' ')),
      [
        'rename field book genre kind',
        'add field book author [object Object]',
        'drop field book colour true',
        'drop field book smell true',
      ],
    )
    assert.equal((await postern(['migrate', '--apply', '--site', site])).code, 0)
    const { out } = await postern(['export', '--type', 'book', '--site', site])
    assert.match(out, /"kind":"novel","author":null/)
    assert.doesNotMatch(out, /red|smell/)
    type(`kind: field.text(), author: field.text(), pages: field.text()`)
    assert.match(
      (await postern(['export', '--type', 'book', '--site', site])).out,
      /"pages":"300"/,
      'what was kept is there',
    )
  })

  test('a type that goes by another name keeps its objects', async () => {
    rmSync(join(site, 'types/book.ts'))
    const fields = `kind: field.text(), writer: field.text(), pages: field.text()`
    const text = `import { defineType, field } from 'postern'\nexport default defineType({ name: 'tome', fields: { ${fields} } })`
    writeFileSync(join(site, 'types/tome.ts'), text)
    const slip = await postern(['migrate', '--rename', 'book=tmoe', '--site', site])
    assert.equal(slip.code, 2)
    assert.match(slip.err, /book cannot become tmoe: there is no such type\. There is tome\./)
    const asked = await atTerminal(
      ['migrate', '--site', site],
      [
        [/No type names book any more/, `${down}${enter}`],
        [/No type names tome\.author any more/, `${down}${enter}`],
      ],
    )
    assert.equal(asked.code, 0, asked.err)
    assert.match(asked.out, /It is called tome now: keep its objects[\s\S]*It is called writer now: keep its values/)
    const applied = await postern(['migrate', '--apply', '--site', site])
    assert.match(applied.out, /rename type book to tome, with its objects\n\s*rename tome\.author to writer/)
    const { out } = await postern(['export', '--type', 'tome', '--site', site])
    assert.match(out, /"object_type":"tome".*"title":"Kept".*"kind":"novel"/)
  })
})

test('a new site asks for its folder, and makes none for whoever leaves', async () => {
  const left = await atTerminal(['new'], [[/Where shall the site be\?/, controlC]])
  assert.equal(left.code, 2)
  assert.match(left.err, /Nothing was made\./)
  const made = await atTerminal(['new'], [[/Where shall the site be\?/, `./asked-for${enter}`]])
  assert.equal(made.code, 0, made.err)
  assert.ok(existsSync(join(folder.path, 'asked-for/postern.config.ts')))
  assert.ok(!existsSync(join(folder.path, 'my-site')))
})
