import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'
import { anonymous } from '../endpoint/caller.ts'
import type { Content, Fields, StoredObject } from '../endpoint/content.ts'
import { allow } from '../rules/allow.ts'
import { defineType } from './define-type.ts'
import { field, type Field } from './field.ts'
import { writableSchema } from './object-schema.ts'
import { ObjectTypes } from './object-types.ts'
import type { OperationHooks } from './operation-hooks.ts'
import { createContentRoom } from './room.ts'

const chief = allow.role('chief')
const paper = defineType({
  name: 'paper',
  fields: {
    body: field.text(),
    verdict: field.text({ write: chief, localized: true }),
    sealed: field.text({ write: allow.where({ status: 'draft' }) }),
    mine: field.text({ write: allow.owner() }),
    badge: field.text({ read: chief, unique: true }),
    stamped: field.boolean({ write: allow.nobody, default: false }),
    secret: field.text({ private: true, write: chief }),
  },
  relations: { near: { to: 'paper' } },
  rules: { read: allow.everyone, create: allow.everyone, update: allow.user, delete: allow.owner() },
})

/** Every kind of field, each with a value that fits, open to nobody but a chief's pen. */
const kinds: Readonly<Record<string, readonly [Field, unknown]>> = {
  text: [field.text({ write: chief }), 'x'],
  rich: [field.richText({ write: chief }), '<b>x</b>'],
  whole: [field.integer({ write: chief }), 1],
  number: [field.number({ write: chief }), 1.5],
  flag: [field.boolean({ write: chief }), false],
  day: [field.date({ write: chief }), '2026-01-01'],
  moment: [field.datetime({ write: chief }), '2026-01-01T00:00:00Z'],
  choice: [field.select({ write: chief, options: ['a'] }), 'a'],
  choices: [field.select({ write: chief, options: ['a'], multiple: true }), ['a']],
  data: [field.json({ write: chief }), { a: 1 }],
  other: [field.reference({ write: chief, to: 'paper' }), 1],
  list: [field.accessList({ write: chief }), { users: [1] }],
  file: [field.file({ write: chief }), 'x'],
  word: [field.slug({ write: chief }), 'x'],
  tags: [field.tags({ write: chief }), ['x']],
}
const every = defineType({
  name: 'every',
  fields: Object.fromEntries(Object.entries(kinds).map(([name, [one]]) => [name, one])),
  rules: { read: allow.everyone, create: allow.user, update: allow.user },
})

describe('who may write a field', () => {
  let house: ContentHouse
  let boss: Content
  let tom: Content
  let ann: Content

  before(async () => {
    house = await contentHouse([paper, every])
    boss = house.as(user(9, 'chief'))
    tom = house.as(user(1))
    ann = house.as(user(2))
  })
  after(() => house[Symbol.asyncDispose]())

  async function count(): Promise<number> {
    return (await house.system.list('objects', { count: 'exact' })).paging.total
  }

  function forbids(
    ...paths: readonly string[]
  ): (thrown: { code: string; status: number; errors: unknown }) => boolean {
    return ({ code, status, errors }) => {
      assert.deepEqual([code, status], ['FIELD_FORBIDDEN', 403])
      assert.deepEqual(
        errors,
        paths.map((path) => ({ path, message: 'may not be written by this caller' })),
      )
      return true
    }
  }

  test('creating with it is refused with the path of the field, and nothing is written', async () => {
    const before = await count()
    await assert.rejects(tom.create('paper', { verdict: 'good' }), forbids('body.verdict'))
    await assert.rejects(
      tom.create('paper', { body: 7, verdict: null, stamped: false }),
      forbids('body.verdict', 'body.stamped'),
    )
    await assert.rejects(boss.create('paper', { stamped: true }), forbids('body.stamped'))
    await assert.rejects(tom.create('paper', { secret: 'x' }), forbids('body.secret'))
    await assert.rejects(house.as(anonymous).create('paper', { verdict: 'good' }), { code: 'UNAUTHENTICATED' })
    assert.equal(await count(), before)
    const made = await boss.create('paper', { verdict: 'good', secret: 'x' })
    assert.deepEqual([made['verdict'], made['stamped']], ['good', false])
  })

  test('V39: a batch with one such field is refused whole, and names its place', async () => {
    const before = await count()
    const items = [{ body: 'a' }, { verdict: 'b' }, { sealed: 'c', status: 'on' }].map((fields) => ({
      type: 'paper',
      fields,
    }))
    await assert.rejects(tom.perform('objects.create', { items }), forbids('body.1.verdict'))
    await assert.rejects(tom.perform('objects.create', { items: [items[0], items[2]] }), forbids('body.1.sealed'))
    await assert.rejects(
      tom.perform('records.insert', { type: 'paper', items: items.map((one) => one.fields) }),
      forbids('body.1.verdict'),
    )
    assert.equal(await count(), before)
  })

  test('updating asks the row as it is before the change, and changes nothing where it refuses', async () => {
    const made = await tom.create('paper', { body: 'a', status: 'draft', sealed: 's', mine: 'm' })
    await assert.rejects(tom.update('paper', made.id, { body: 'b', verdict: 'v' }), forbids('body.verdict'))
    await assert.rejects(ann.update('paper', made.id, { body: 'b', mine: 'n' }), forbids('body.mine'))
    assert.deepEqual(await tom.read('paper', made.id), made)
    assert.equal((await tom.update('paper', made.id, { sealed: 't', status: 'on' }))['sealed'], 't')
    await assert.rejects(tom.update('paper', made.id, { sealed: 'u', status: 'draft' }), forbids('body.sealed'))
    assert.equal((await tom.update('paper', made.id, { mine: 'mine' }))['mine'], 'mine')
    assert.equal((await ann.update('paper', made.id, { body: 'b' }))['body'], 'b')
    await assert.rejects(
      ann.perform('records.update', { type: 'paper', id: made.id, fields: { mine: 'n' } }),
      forbids('body.mine'),
    )
  })

  test('its texts in other languages are the same field, and are not taken away with their language', async () => {
    const made = await boss.create('paper', { translations: { de: { title: 'Blatt', verdict: 'gut' } } })
    const change = (translations: Fields): Promise<StoredObject> => tom.update('paper', made.id, { translations })
    await assert.rejects(change({ de: { verdict: 'x' } }), forbids('body.translations.de.verdict'))
    await assert.rejects(change({ de: null }), forbids('body.translations.de'))
    await assert.rejects(tom.create('paper', { translations: { it: { verdict: 'x' } } }), { code: 'FIELD_FORBIDDEN' })
    await change({ de: { title: 'Zettel' } })
    const texts = await tom.perform('translations.read', { id: made.id })
    assert.deepEqual(texts, { de: { title: 'Zettel', verdict: 'gut' } })
  })

  test('V30: no kind of field and no way of writing forgets it', async () => {
    const made = await boss.create('every', {})
    for (const [name, [, value]] of Object.entries(kinds)) {
      for (const given of [value, null]) {
        const fields = { [name]: given }
        const ways = [
          tom.create('every', fields),
          tom.update('every', made.id, fields),
          tom.update('objects', made.id, fields),
          tom.perform('objects.create', { items: [{ type: 'every', fields }] }),
          tom.perform('records.create', { type: 'every', fields }),
          tom.perform('records.insert', { type: 'every', items: [fields] }),
          tom.perform('records.update', { type: 'every', id: made.id, fields }),
        ]
        for (const way of await Promise.allSettled(ways))
          assert.ok(way.status === 'rejected' && (way.reason as { code: string }).code === 'FIELD_FORBIDDEN', name)
      }
    }
    assert.deepEqual(await tom.read('every', made.id), made)
  })

  test('what a manifest declares lets nobody past it, and the system is not asked', async () => {
    const actor = { caller: user(1), system: 'declared in a manifest' }
    const asked = { type: 'paper', fields: { verdict: 'v' } }
    await assert.rejects(house.room.perform('records.create', asked, actor), { code: 'FIELD_FORBIDDEN' })
    const made = await house.system.create('paper', { verdict: 'v', stamped: true })
    assert.deepEqual([made['verdict'], made['stamped']], ['v', true])
    const asSystem = { caller: user(1), system: 'the verdict is in' }
    const changed = await house.room.perform('objects.update', { id: made.id, changes: { verdict: 'w' } }, asSystem)
    assert.equal(changed['verdict'], 'w')
  })

  test('V01: a unique field is not written by those who may not read it: what is taken would tell', async () => {
    await boss.create('paper', { badge: 'b1' })
    await assert.rejects(tom.create('paper', { badge: 'b1' }), forbids('body.badge'))
    await assert.rejects(tom.create('paper', { badge: 'b2' }), forbids('body.badge'))
    await assert.rejects(boss.create('paper', { badge: 'b1' }), { code: 'CONFLICT' })
  })

  test('V37: no hook runs for what is refused, and hooks are told what the caller may see', async () => {
    const told: unknown[] = []
    const hooks: OperationHooks = {
      has: () => true,
      before: async (event) => void told.push(event.operation),
      after: async (_event, result) => void told.push(result),
    }
    const room = createContentRoom({ types: [paper, every], read: house.store.read, write: house.store.write, hooks })
    const made = await house.system.create('paper', { badge: 'hooked', owner: 1 })
    const fields = { verdict: 'v' }
    const caller = user(1)
    await assert.rejects(room.perform('objects.create', { type: 'paper', fields }, { caller }), {
      code: 'FIELD_FORBIDDEN',
    })
    await assert.rejects(room.perform('objects.update', { id: made.id, changes: fields }, { caller }), {
      code: 'FIELD_FORBIDDEN',
    })
    assert.deepEqual(told, [])
    await room.perform('objects.update', { id: made.id, changes: { body: 'c' } }, { caller })
    assert.equal(told[0], 'objects.update')
    assert.doesNotMatch(JSON.stringify(told), /hooked|badge/)
  })

  test("what is told of a type asks nobody for a field that is not everybody's to write", () => {
    const fields = { one: field.text({ required: true }), two: field.text({ required: true, write: chief }) }
    const [type] = new ObjectTypes([defineType({ name: 'asked', fields })]).all
    assert.ok(type)
    assert.deepEqual(writableSchema(type, false)['required'], ['one'])
  })

  test('a type that says it wrongly is refused when it is defined', () => {
    const define = (one: Field) => () => defineType({ name: 'wrong', fields: { one } })
    assert.throws(define(field.text({ private: true, read: chief })), /wrong\.one: a private field is read by nobody/)
    assert.throws(define({ kind: 'text', readable: true } as never), /does not know "readable"/)
    const relations = { near: { params: { how: field.text({ read: chief }) } } }
    assert.throws(() => defineType({ name: 'wrong', relations }), /wrong\.relations\.near\.how: .* no rules of its own/)
  })
})
