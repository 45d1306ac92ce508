import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { card, contentHouse, note, page, user, type ContentHouse } from '../../test/fixtures/content-house.ts'
import type { Content, StoredObject } from '../endpoint/content.ts'
import { allow } from '../rules/allow.ts'
import { contentFor } from './content-for.ts'
import { defineType } from './define-type.ts'
import type { OperationEvent, OperationHooks } from './operation-hooks.ts'
import { createContentRoom } from './room.ts'

describe('what is done once, told and hooked', () => {
  let house: ContentHouse
  let kim: Content

  before(async () => {
    house = await contentHouse([card, page, note])
    kim = house.as(user(1))
  })
  after(() => house[Symbol.asyncDispose]())

  const create = (content: Content, key: string, name: string): Promise<StoredObject> =>
    content.perform('objects.create', { type: 'card', fields: { name }, idempotency_key: key }) as Promise<StoredObject>

  test('V106 a hundred requests with one key have one effect and one answer', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => create(kim, 'k1', 'once')))
    assert.equal(new Set(answers.map((one) => JSON.stringify(one))).size, 1)
    assert.equal((await kim.list('card', { filter: { name: 'once' } })).paging.total, 1)
  })

  test('the same key with another input is refused, and belongs to one caller', async () => {
    await assert.rejects(create(kim, 'k1', 'other'), { code: 'INVALID' })
    const others = await create(house.as(user(2)), 'k1', 'other')
    assert.equal(others['owner'], 2)
    for (const key of ['', 'a b', 'x'.repeat(201), 'é'])
      await assert.rejects(create(kim, key, 'x'), { code: 'BAD_REQUEST' })
    assert.equal((await kim.list('card', { filter: { name: 'x' } })).paging.total, 0)
  })

  test('a key whose work failed is free again', async () => {
    await assert.rejects(
      kim.perform('objects.create', {
        items: [
          { type: 'card', fields: { name: 'a', code: 'z' } },
          { type: 'card', fields: { name: 'b', code: 'z' } },
        ],
        idempotency_key: 'k2',
      }),
      { code: 'CONFLICT' },
    )
    assert.equal((await create(kim, 'k2', 'after all'))['name'], 'after all')
  })

  test('every write tells the outbox in its own transaction', async () => {
    const rows = async (): Promise<unknown[]> => {
      const found = (await house.system.perform('outbox.read', { limit: 1000 })) as Record<string, unknown>[]
      return found.slice(-4).map((row) => [row['operation'], row['version'], row['user_id']])
    }
    const admin = house.as(user(9, 'admin'))
    const made = await admin.create('card', { name: 'told' })
    await admin.update('card', made.id, { name: 'told again' })
    await admin.trash('card', made.id)
    await assert.rejects(admin.update('card', made.id, { name: 'untold' }), { code: 'NOT_FOUND' })
    await admin.perform('objects.purge', { id: made.id })
    const told = [
      ['objects.create', 1, 9],
      ['objects.update', 2, 9],
      ['objects.trash', 3, 9],
      ['objects.purge', null, 9],
    ]
    assert.deepEqual(await rows(), told)
    await assert.rejects(admin.perform('outbox.read', {}), { code: 'FORBIDDEN' })
  })

  test('hooks run around what is allowed, and never for what is refused', async () => {
    const seen: string[] = []
    const told = (event: OperationEvent): string => `${event.operation} ${event.type} ${event.id ?? 'new'}`
    const hooks: OperationHooks = {
      has: (operation) => operation !== 'objects.purge',
      before: async (event) => {
        if (event.fields['name'] === 'forbidden') throw new Error('refused by a hook')
        seen.push(`before ${told(event)}`)
      },
      after: async (event, result) => {
        seen.push(`after ${told(event)}`)
        return event.operation === 'objects.update' ? { ...(result as object), hooked: true } : undefined
      },
    }
    const room = createContentRoom({
      types: [card, page, note],
      read: house.store.read,
      write: house.store.write,
      hooks,
    })
    const ann = contentFor(room, { caller: user(5) })
    const made = await ann.create('card', { name: 'hooked' })
    const changed = await ann.update('card', made.id, { name: 'again' })
    assert.equal(changed['hooked'], true)
    assert.deepEqual(seen, [
      'before objects.create card new',
      'after objects.create card new',
      `before objects.update card ${made.id}`,
      `after objects.update card ${made.id}`,
    ])
    seen.length = 0
    await assert.rejects(ann.create('card', { name: 'forbidden' }), /refused by a hook/)
    await assert.rejects(ann.trash('card', made.id), { code: 'FORBIDDEN' })
    await assert.rejects(contentFor(room, { caller: user(6) }).update('card', made.id, { name: 'x' }), {
      code: 'NOT_FOUND',
    })
    await assert.rejects(ann.update('card', made.id, { version: 7 }), { code: 'STALE' })
    assert.deepEqual(seen, [])
    assert.equal((await ann.list('card', { filter: { name: 'forbidden' } })).paging.total, 0)
  })

  test('changes of the tree and of relations are told, and refused ones are not', async () => {
    const rules = { read: allow.everyone, create: allow.user, update: allow.owner() }
    const folder = defineType({ name: 'folder', section: true, relations: { seealso: { inverse: 'seealso' } }, rules })
    await using other = await contentHouse([folder])
    const ann = other.as(user(1))
    const [above, below] = [
      await ann.create('folder', { title: 'above' }),
      await ann.create('folder', { title: 'below' }),
    ]
    await ann.perform('tree.add', { id: above.id, items: [below.id] })
    await ann.perform('tree.remove', { id: above.id, child: below.id })
    await assert.rejects(ann.perform('tree.remove', { id: above.id, child: below.id }), { code: 'NOT_FOUND' })
    await ann.perform('relations.add', { id: below.id, name: 'seealso', items: [above.id] })
    const told = (await other.system.perform('outbox.read', { after: 2 })) as Record<string, unknown>[]
    const wanted = [
      ['tree.add', above.id],
      ['tree.remove', above.id],
      ['relations.add', below.id],
    ]
    assert.deepEqual(
      told.map((row) => [row['operation'], row['object_id']]),
      wanted,
    )
  })
})
