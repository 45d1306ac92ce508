import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { contentHouse, user, type ContentHouse } from '../../../test/fixtures/content-house.ts'
import { anonymous } from '../../endpoint/caller.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { allow } from '../../rules/allow.ts'
import { defineType } from '../define-type.ts'
import { field } from '../field.ts'
import { csvLine, csvRecords, plainCell } from './csv.ts'
import { exportLines } from './export-lines.ts'
import { importObjects, type ImportOptions, type Rejection } from './import-objects.ts'
import { readRecords } from './read-records.ts'

const rules = { read: allow.any(allow.where({ status: 'on' }), allow.role('editor')) }
const folder = defineType({ name: 'folder', section: true, rules })
const thing = defineType({
  name: 'thing',
  fields: {
    code: field.text({ unique: true }),
    size: field.number(),
    secret: field.text({ private: true }),
    tags: field.tags(),
    of: field.reference({ to: ['thing', 'folder'] }),
  },
  relations: { near: { to: 'thing', inverse: 'near_of', params: { how: field.text() } } },
  rules,
})
const imports = { column: 'name', like: 'import %' } as const
const place = mkdtempSync(join(tmpdir(), 'postern-transfer-'))
after(() => rmSync(place, { recursive: true, force: true }))

function fileOf(name: string, text: string | Buffer): string {
  const file = join(place, name)
  writeFileSync(file, text)
  return file
}

async function take(
  house: ContentHouse,
  file: string,
  more: Partial<ImportOptions> = {},
): Promise<{ counts: unknown; rejected: Rejection[] }> {
  const rejected: Rejection[] = []
  const type = more.type ?? 'thing'
  const records = readRecords(file, house.room.types.named(type))
  const counts = await importObjects({
    room: house.room,
    store: house.store,
    type,
    records,
    rejected: (one) => rejected.push(one),
    ...more,
  })
  return { counts, rejected }
}

async function lines(
  house: ContentHouse,
  type: string,
  more: { as?: ReturnType<typeof user>; format?: 'csv' } = {},
): Promise<string[]> {
  const actor = more.as === undefined ? { caller: anonymous, system: 'test' } : { caller: more.as }
  const all: string[] = []
  for await (const line of exportLines({ room: house.room, actor, type, format: more.format ?? 'ndjson' }))
    all.push(line)
  return all
}

describe('importing', () => {
  test('takes what fits, tells what does not, and leaves neither half', async () => {
    await using house = await contentHouse([folder, thing])
    const good = Array.from({ length: 600 }, (_, index) => JSON.stringify({ title: `T ${index}`, code: `c${index}` }))
    const text = [
      ...good.slice(0, 300),
      '{"code": "c5"}',
      'not json',
      '[1]',
      '{"code": 7}',
      '{"colour": "red"}',
      ...good.slice(300),
    ].join('\n')
    const { counts, rejected } = await take(house, fileOf('a.ndjson.gz', gzipSync(text)))
    assert.deepEqual(counts, { read: 605, created: 600, rejected: 5, skipped: 0 })
    assert.deepEqual(
      rejected.map((one) => one.line).toSorted((a, b) => a - b),
      [301, 302, 303, 304, 305],
    )
    assert.equal((await house.system.list('thing')).paging.total, 600)
  })

  test('goes on behind the last line that was taken', async () => {
    await using house = await contentHouse([folder, thing])
    const all = Array.from({ length: 700 }, (_, index) => JSON.stringify({ code: `c${index}` }))
    const file = fileOf('b.ndjson', all.join('\n'))
    let seen = 0
    const breaking = (value: Readonly<Record<string, unknown>>): unknown =>
      ++seen > 520 ? Promise.reject(new DOMException('pulled the plug')) : value
    const perform = async (...asked: Parameters<ContentHouse['room']['perform']>): Promise<unknown> => {
      if (seen > 520) throw new Error('pulled the plug')
      return house.room.perform(...asked)
    }
    const broken = { ...house.room, perform: perform as ContentHouse['room']['perform'] }
    await assert.rejects(take(house, file, { resume: 'b', map: breaking, room: broken }), /pulled the plug/)
    const kept = (await house.system.list('thing')).paging.total
    assert.equal(kept, 500)
    const { counts } = await take(house, file, { resume: 'b' })
    assert.deepEqual(counts, { read: 700, created: 200, rejected: 0, skipped: 500 })
    assert.equal((await house.system.list('thing')).paging.total, 700)
  })

  test('goes on with what was still to be tied when it broke off, and tells what cannot be', async () => {
    await using house = await contentHouse([folder, thing])
    const forward = (index: number): object => ({
      slug: `t-${index}`,
      of: { slug: `t-${599 - index}` },
      relations: { near: [{ slug: `t-${599 - index}`, params: { how: `h${index}` } }] },
    })
    const all = Array.from({ length: 600 }, (_, index) => JSON.stringify(forward(index)))
    const file = fileOf('forward.ndjson', [...all, '{"slug":"lost","relations":{"near":["nowhere"]}}'].join('\n'))
    let seen = 0
    const away = new PosternError('UNAVAILABLE', 'pulled the plug')
    const map = (value: Readonly<Record<string, unknown>>): unknown => (++seen > 550 ? Promise.reject(away) : value)
    await assert.rejects(take(house, file, { resume: 'f', map }), /pulled the plug/)
    const { counts, rejected } = await take(house, file, { resume: 'f' })
    assert.deepEqual(counts, { read: 601, created: 101, rejected: 1, skipped: 500 })
    assert.match(rejected[0]?.reason ?? '', /"nowhere", which is not there/)
    for (const index of [0, 250, 299, 300, 599]) {
      const one = await house.system.read('thing', `t-${index}`)
      const other = await house.system.read('thing', `t-${599 - index}`)
      assert.equal(one?.['of'], other?.id)
      const link = await house.system.perform('relations.read', { id: one?.id, name: 'near', related: other?.id })
      assert.deepEqual((link as { params: unknown }).params, { how: `h${index}` })
    }
    assert.deepEqual(await house.store.read.rows({ from: 'content_facts', select: ['name'], where: imports }), [])
  })

  test('begins anew where it is told to, and forgets what broke off', async () => {
    await using house = await contentHouse([folder, thing])
    const file = fileOf('again.ndjson', Array.from({ length: 300 }, () => '{}').join('\n'))
    let seen = 0
    const map = (value: Readonly<Record<string, unknown>>): unknown => {
      if (++seen > 260) throw new PosternError('UNAVAILABLE', 'pulled the plug')
      return value
    }
    await assert.rejects(take(house, file, { resume: 'a', map }), /pulled the plug/)
    assert.deepEqual((await take(house, file, { resume: 'a', again: true })).counts, {
      read: 300,
      created: 300,
      rejected: 0,
      skipped: 0,
    })
    assert.deepEqual(await house.store.read.rows({ from: 'content_facts', select: ['name'], where: imports }), [])
  })

  test('maps records, and finds others by their fields', async () => {
    await using house = await contentHouse([folder, thing])
    await house.system.create('thing', { code: 'first' })
    const file = fileOf('c.ndjson', '{"name":"x","to":"first"}\n{"name":"skip"}\n')
    const { counts } = await take(house, file, {
      map: async (value, find) =>
        value['name'] === 'skip'
          ? undefined
          : { title: value['name'], relations: { near: [{ id: await find('thing', 'code', String(value['to'])) }] } },
    })
    assert.deepEqual(counts, { read: 2, created: 1, rejected: 0, skipped: 0 })
    assert.equal((await house.system.list('thing', { filter: { near: 1 } })).paging.total, 1)
  })

  test('reads CSV as its fields write it', async () => {
    await using house = await contentHouse([folder, thing])
    const { rejected } = await take(
      house,
      fileOf(
        'd.csv',
        '\ufeffcode,size,title,tags\r\na,1.5,"He said ""hi"", twice\nover",["x"]\r\nb,,\'=1+1,\r\nc,big,,\r\nd,1\r\n',
      ),
    )
    const data = (await house.system.list('thing')).data.map((one) => [
      one['code'],
      one['size'],
      one['title'],
      one['tags'],
    ])
    assert.deepEqual(data, [
      ['a', 1.5, 'He said "hi", twice\nover', ['x']],
      ['b', null, '=1+1', null],
    ])
    assert.deepEqual(
      rejected.map((one) => one.line).toSorted((a, b) => a - b),
      [4, 5],
    )
  })
})

describe('exporting', () => {
  test('what was exported is the same once imported: tree, relations, forward ones too, and texts', async () => {
    await using from = await contentHouse([folder, thing])
    const root = await from.system.create('folder', { title: 'Root' })
    await from.system.create('folder', { title: 'Inner', parents: [root.id] })
    const one = await from.system.create('thing', {
      title: 'One',
      code: '1',
      tags: ['a'],
      parents: [root.id],
      translations: { it: { title: 'Uno' } },
    })
    const two = await from.system.create('thing', { title: 'Two', code: '2', of: root.id })
    await from.system.update('thing', one.id, { of: two.id })
    const gone = await from.system.create('thing', { title: 'Gone' })
    await from.system.create('thing', { title: 'Three', of: gone.id })
    await from.system.trash('thing', gone.id)
    await from.system.perform('relations.add', {
      id: one.id,
      name: 'near',
      items: [{ id: two.id, params: { how: 'close' } }],
    })
    await using into = await contentHouse([folder, thing])
    await into.system.create('thing', { title: 'Already here' })
    for (const type of ['folder', 'thing']) {
      const { rejected } = await take(into, fileOf(`${type}.ndjson`, (await lines(from, type)).join('')), { type })
      assert.deepEqual(rejected, [])
    }
    const without = (text: string): unknown[] =>
      text
        .split('\n')
        .filter((line) => line.includes('"slug"') && !line.includes('Already here'))
        .map((line) => ({ ...(JSON.parse(line) as object), id: 0, version: 0, modified: '' }))
    for (const type of ['folder', 'thing'])
      assert.deepEqual(without((await lines(into, type)).join('')), without((await lines(from, type)).join('')))
    // References name the same objects, whose ids are others there; what nobody is shown is named by nothing.
    const kept = await Promise.all(['one', 'two', 'three'].map((slug) => into.system.read('thing', slug)))
    const [, second] = kept
    assert.deepEqual(
      kept.map((object) => object?.['of']),
      [second?.id, (await into.system.read('folder', 'root'))?.id, null],
    )
  })

  test('CSV names what a reference leads to by its slug, too', async () => {
    await using from = await contentHouse([folder, thing])
    const { id } = await from.system.create('thing', { title: 'Last', slug: 'the-last' })
    await from.system.create('thing', { title: 'First', slug: 'the-first', of: id })
    const [head = '', ...rest] = await lines(from, 'thing', { format: 'csv' })
    await using into = await contentHouse([folder, thing])
    await into.system.create('thing', { title: 'Already here' })
    const { rejected } = await take(into, fileOf('refs.csv', [head, ...rest.toReversed()].join('')))
    assert.deepEqual(rejected, [])
    const last = await into.system.read('thing', 'the-last')
    assert.equal((await into.system.read('thing', 'the-first'))?.['of'], last?.id)
  })

  test('holds what the caller may read, and nothing more', async () => {
    await using house = await contentHouse([folder, thing])
    const hidden = await house.system.create('thing', { title: 'Hidden', status: 'draft' })
    await house.system.create('thing', { title: 'Open', secret: 'hush', relations: { near: [hidden.id] } })
    const text = (await lines(house, 'thing', { as: user(1) })).join('')
    assert.ok(text.includes('Open') && !/hidden|hush|secret/i.test(text))
    assert.equal((await lines(house, 'thing', { as: user(2, 'editor') })).length, 2)
  })

  test('V82 neutralises formulas in CSV', async () => {
    await using house = await contentHouse([folder, thing])
    await house.system.create('thing', { title: '=HYPERLINK("x")', code: '@a', size: -5 })
    const [head, line] = await lines(house, 'thing', { format: 'csv' })
    assert.ok(head?.startsWith('id,object_type,') && !head.includes('secret'))
    assert.ok(line?.includes(`"'=HYPERLINK(""x"")"`) && line.includes(",'@a,") && line.includes(',-5,'))
  })
})

test('V82 no cell of text begins as a formula does, and each is read back as it was', async () => {
  const rest = ['', '1+1', "cmd|' /C calc'!A0", 'SUM(A1)"', 'HYPERLINK("http://x","y")', "'", ' x']
  const starts = ['=', '+', '-', '@', '\t', '\r', "'=", "''@", '=\t', '-\r']
  const cells = starts.flatMap((start) => rest.map((text) => `${start}${text}`))
  const [read = []] = await Array.fromAsync(csvRecords([csvLine(cells)]))
  assert.deepEqual(
    read.filter((cell) => !cell.startsWith("'")),
    [],
  )
  assert.deepEqual(read.map(plainCell), cells)
  const untouched = ["'", "it's", "'quoted'", 'a=b', 'mail@example.org', '"=1"']
  assert.deepEqual(await Array.fromAsync(csvRecords([csvLine(untouched)])), [untouched])
  assert.equal(csvLine([-5, 1.5, true, null]), '-5,1.5,true,\r\n')
})

test('CSV cells survive, however they are cut into pieces', async () => {
  const cells = ['', 'a', 'b,c', '"', 'x\ny', 'z\r\nz', ' é ']
  const text = csvLine(cells) + csvLine(['1', '2', '3', '4', '5', '6', '7'])
  for (const size of [1, 2, 3, 1000]) {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []
    const records: string[][] = []
    for await (const record of csvRecords(pieces)) records.push(record)
    assert.deepEqual(records, [cells, ['1', '2', '3', '4', '5', '6', '7']])
  }
  await assert.rejects(Array.fromAsync(csvRecords(['a,"b'])), SyntaxError)
})
