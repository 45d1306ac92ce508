import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { must } from '../../src/errors/must.ts'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'

const files = {
  'types/note.ts': [
    "import { allow, defineType, field } from 'postern'",
    'export default defineType({',
    "  name: 'note', plural: 'notes', fields: { text: field.text({ required: true }) },",
    '  rules: { read: allow.everyone, create: allow.user, update: allow.owner(), delete: allow.owner() },',
    '})',
    '',
  ].join('\n'),
  'api/public/count.ts': 'export const GET = async ({ content }) => (await content.list("note")).paging.total\n',
}

for (const isolation of ['inline', 'thread'] as const) {
  describe(`a fresh database for each test (${isolation})`, () => {
    let opened: TestSite | undefined
    let fresh = async (): Promise<void> => {}
    const site = () => must(opened, 'the site is open')

    before(async () => {
      opened = await openTestSite({ files, isolation, settings: { api: { protected: true } } })
      await write(opened, 'kept', 'standing words')
      fresh = await opened.snapshot()
    })
    beforeEach(() => fresh())
    after(() => opened?.close())

    for (const round of ['first', 'second'])
      test(`begins with what was there, whatever the test before did (${round})`, async () => {
        assert.equal((await site().request('GET', '/api/public/count')).body, 1)
        assert.deepEqual(await found(site(), 'standing'), ['standing words'])
        assert.deepEqual(await found(site(), 'zebra'), [], 'no word of the test before is found')
        assert.equal(await site().house.accounts.findUser('newcomer'), undefined)

        const { id } = await write(site(), 'newcomer', 'zebra')
        assert.equal(id, 2, 'numbers begin where they began')
        assert.equal((await site().as('kept').request('DELETE', '/api/objects/1')).status, 204)
        assert.deepEqual(await found(site(), 'zebra'), ['zebra'])
        assert.deepEqual(await found(site(), 'standing'), [])
      })

    test('lets in who was there, and nobody who came later', async () => {
      const later = await site().token({ user: 'kept' })
      assert.equal((await site().request('GET', '/api/auth', { token: later })).status, 200)
      await fresh()
      assert.equal((await site().request('GET', '/api/auth', { token: later })).status, 401)
      assert.equal((await site().as('kept').request('GET', '/api/auth')).status, 200)
    })

    test('takes milliseconds', async (t) => {
      const times: number[] = []
      for (let count = 0; count < 10; count += 1) {
        await write(site(), 'kept', `note ${count}`)
        const started = performance.now()
        await fresh()
        times.push(performance.now() - started)
      }
      const middle = times.toSorted((a, b) => a - b)[5] ?? 0
      // The figure that is promised, 5 ms, is measured by bench/cases/test-kit.ts on a quiet machine.
      t.diagnostic(`a fresh database took ${middle.toFixed(1)} ms`)
      assert.ok(middle < 100, `${middle} ms`)
    })
  })
}

describe('a test site that cannot be what was asked for', () => {
  test('leaves nothing behind that keeps the process from ending', async () => {
    await using other = await openTestSite()
    const kit = pathToFileURL(join(import.meta.dirname, '../../src/testing/index.ts')).href
    const env = `{ PORT: '${other.port}' }`
    other.write(
      'taken.mjs',
      `import { openTestSite } from '${kit}'
      await openTestSite({ isolation: 'thread', env: ${env} }).catch(({ code }) => console.log(code))`,
    )
    const flags = [
      '--conditions=postern-source',
      '--disable-warning=ExperimentalWarning',
      join(other.root, 'taken.mjs'),
    ]
    const { NODE_TEST_CONTEXT: _context, ...surroundings } = process.env
    const { stdout } = await promisify(execFile)(process.execPath, flags, { env: surroundings, timeout: 15_000 })
    assert.equal(stdout, 'PORT_TAKEN\n')
  })

  test('goes back to no snapshot of other tables, and is written to all the same', async () => {
    await using site = await openTestSite({ files, settings: { api: { protected: true } } })
    const fresh = await site.snapshot()
    await site.house.store.reshape((bench) => bench.exec('alter table type_note add column later text'))
    await assert.rejects(fresh(), /have changed since the snapshot/)
    await write(site, 'ann', 'afterwards')
    assert.deepEqual(await found(site, 'afterwards'), ['afterwards'])
  })
})

async function write(site: TestSite, name: string, text: string): Promise<{ readonly id: number }> {
  const answer = await site
    .as(name)
    .request('POST', '/api/objects', { body: { object_type: 'note', text, status: 'on' } })
  assert.equal(answer.status, 201, answer.text)
  return (answer.body as { readonly data: { readonly id: number } }).data
}

async function found(site: TestSite, word: string): Promise<readonly string[]> {
  const { body } = await site.as('kept').request('GET', `/api/objects?filter[object_type]=note&filter[query]=${word}`)
  return (body as { readonly data: readonly { readonly text: string }[] }).data.map(({ text }) => text)
}
