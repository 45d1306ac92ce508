import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Store } from './port.ts'
import type { Schema } from './table.ts'

/** What every database must do, in the same words. `open` gives a store on an empty database. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`a store on ${name}`, () => {
    let store: Store
    before(async () => {
      store = await open()
      await store.migrate([people])
    })
    after(() => store.close())

    test('gives back what was written, whatever its type', async () => {
      const values = { name: 'Ann', age: 41, height: 1.5, tags: ['a', { b: null }], active: false, note: null }
      const { rows, count } = await store.write.run({ insert: 'people', values, returning: ['id', 'tags', 'active'] })
      assert.equal(count, 1)
      assert.deepEqual(rows[0]?.['tags'], values.tags)
      assert.equal(rows[0]?.['active'], false)
      const select = ['name', 'age', 'height', 'tags', 'active', 'note']
      assert.deepEqual(await store.read.first({ from: 'people', select, where: named('Ann') }), values)
    })

    test('keeps text exactly, and never reads it as SQL', async () => {
      for (const name of ["Robert'); drop table people;--", '%_\\', 'ẞ🦆é', '', '\u001b', '"x"', '?', '$1']) {
        await store.write.run({ insert: 'people', values: { name } })
        const found = await store.read.rows({ from: 'people', select: ['name'], where: named(name) })
        assert.deepEqual(found, [{ name }])
      }
    })

    test('treats null as a value in eq and ne, and never as greater or smaller', async () => {
      await store.write.run({
        insert: 'people',
        values: [
          { name: 'n1', age: null },
          { name: 'n2', age: 5 },
        ],
      })
      const among = { column: 'name', in: ['n1', 'n2'] } as const
      const names = async (part: object): Promise<unknown[]> => {
        const where = { all: [among, { column: 'age', ...part } as never] }
        return (await store.read.rows({ from: 'people', select: ['name'], where, order: [{ column: 'name' }] })).map(
          (row) => row['name'],
        )
      }
      assert.deepEqual(await names({ is: 'eq', value: null }), ['n1'])
      assert.deepEqual(await names({ is: 'ne', value: null }), ['n2'])
      assert.deepEqual(await names({ is: 'ne', value: 6 }), ['n1', 'n2'])
      assert.deepEqual(await names({ is: 'lt', value: 6 }), ['n2'])
      assert.deepEqual(await names({ is: 'lt', value: null }), [])
      assert.deepEqual(await names({ in: [] }), [])
    })

    test('sorts absent values first, and text by its bytes', async () => {
      const names = ['s-b', 's-B', 's-a', 's-é']
      await store.write.run({
        insert: 'people',
        values: names.map((name) => ({ name, age: name === 's-b' ? null : 1 })),
      })
      const rows = async (order: { column: string; descending?: boolean }[]): Promise<unknown[]> =>
        (await store.read.rows({ from: 'people', select: ['name'], where: { column: 'name', in: names }, order })).map(
          (row) => row['name'],
        )
      assert.deepEqual(await rows([{ column: 'age' }, { column: 'name' }]), ['s-b', 's-B', 's-a', 's-é'])
      assert.deepEqual(await rows([{ column: 'age', descending: true }, { column: 'name' }]), [
        's-B',
        's-a',
        's-é',
        's-b',
      ])
    })

    test('refuses a second holder of a unique value with the name of the column, and keeps the first', async () => {
      await store.write.run({ insert: 'people', values: { name: 'only', code: 'c1' } })
      const again = store.write.run({ insert: 'people', values: { name: 'second', code: 'c1' } })
      await assert.rejects(again, { code: 'CONFLICT', errors: [{ path: 'code', message: 'is already taken' }] })
      assert.equal(await store.read.count({ from: 'people', select: [], where: named('second') }), 0)
    })

    test('lets one of a hundred writers of a unique value through', async () => {
      const all = Array.from({ length: 100 }, () =>
        store.write.run({ insert: 'people', values: { name: 'race', code: 'race' } }),
      )
      const settled = await Promise.allSettled(all)
      assert.equal(settled.filter((one) => one.status === 'fulfilled').length, 1)
      assert.equal(await store.read.count({ from: 'people', select: [], where: named('race') }), 1)
    })

    test('takes or leaves a transaction as a whole, and not its neighbours', async () => {
      const good = store.write.run({ insert: 'people', values: { name: 'neighbour' } })
      const bad = store.write.transaction(async (transaction) => {
        await transaction.run({ insert: 'people', values: { name: 'lost' } })
        assert.equal(await transaction.count({ from: 'people', select: [], where: named('lost') }), 1)
        throw new Error('changed my mind')
      })
      await good
      await assert.rejects(bad, /changed my mind/)
      assert.equal(await store.read.count({ from: 'people', select: [], where: named('neighbour') }), 1)
      assert.equal(await store.read.count({ from: 'people', select: [], where: named('lost') }), 0)
    })

    test('gives up a transaction whose failed change was hidden', async () => {
      await store.write.run({ insert: 'people', values: { name: 'holder', code: 'held' } })
      const hiding = store.write.transaction(async (transaction) => {
        await transaction.run({ insert: 'people', values: { name: 'hidden' } })
        const failing = async () => transaction.run({ insert: 'people', values: { name: 'x', code: 'held' } })
        await failing().catch(() => {})
      })
      await assert.rejects(hiding)
      assert.equal(await store.read.count({ from: 'people', select: [], where: named('hidden') }), 0)
    })

    test('loses none of many increments', async () => {
      await store.write.run({ insert: 'people', values: { name: 'counter', age: 0 } })
      const plan = { update: 'people', add: { age: 1 }, where: named('counter') }
      await Promise.all(Array.from({ length: 300 }, () => store.write.run(plan)))
      assert.equal((await store.read.first({ from: 'people', select: ['age'], where: named('counter') }))?.['age'], 300)
    })

    test('never gives an id again', async () => {
      const { rows } = await store.write.run({ insert: 'people', values: { name: 'gone' }, returning: ['id'] })
      await store.write.run({ delete: 'people', where: named('gone') })
      const next = await store.write.run({ insert: 'people', values: { name: 'next' }, returning: ['id'] })
      assert.ok(Number(next.rows[0]?.['id']) > Number(rows[0]?.['id']))
    })

    test('gives ids one after another, whatever was refused, undone or deleted in between', async () => {
      const { write } = store
      const insert = async (name: string): Promise<number> =>
        Number((await write.run({ insert: 'people', values: { name }, returning: ['id'] })).rows[0]?.['id'])
      const first = await insert('in order')
      await write.run({ insert: 'people', values: { name: 'code', code: 'order' } })
      const again = { insert: 'people', values: { name: 'again', code: 'order' } } as const
      await assert.rejects(write.run(again))
      await write.run({ ...again, onConflict: { columns: ['code'], update: [] } })
      const undone = write.transaction(async (transaction) => {
        for (const name of ['u', 'v']) await transaction.run({ insert: 'people', values: { name } })
        throw new Error('changed my mind')
      })
      await assert.rejects(undone, /changed my mind/)
      assert.equal(await insert('next'), first + 2)
      const several = ['a', 'b', 'c'].map((name) => ({ name, note: 'several' }))
      await write.run({ insert: 'people', values: several })
      const where = { column: 'note', is: 'eq', value: 'several' } as const
      const ids = await store.read.rows({ from: 'people', select: ['id'], where, order: [{ column: 'name' }] })
      assert.deepEqual(ids, [{ id: first + 3 }, { id: first + 4 }, { id: first + 5 }])
      await write.run({ delete: 'people', where })
      assert.equal(await insert('behind what is gone'), first + 6)
      await write.run({ insert: 'people', values: { id: first + 100, name: 'given' } })
      assert.equal(await insert('behind the given one'), first + 101)
    })

    test('counts no further than it is told', async () => {
      const where = { column: 'name', is: 'ne', value: null } as const
      assert.equal(await store.read.count({ from: 'people', select: [], where }, 3), 3)
      assert.ok((await store.read.count({ from: 'people', select: [], where })) > 3)
    })

    test('writes over what is already there only where told', async () => {
      const insert = (name: string, update: string[]) =>
        store.write.run({
          insert: 'people',
          values: { name, code: 'upsert' },
          onConflict: { columns: ['code'], update },
        })
      await insert('first', [])
      await insert('kept out', [])
      assert.equal(
        (await store.read.first({ from: 'people', select: ['name'], where: coded('upsert') }))?.['name'],
        'first',
      )
      await insert('third', ['name'])
      assert.equal(
        (await store.read.first({ from: 'people', select: ['name'], where: coded('upsert') }))?.['name'],
        'third',
      )
    })

    test('finds rows by rows of another table', async () => {
      const { rows } = await store.write.run({ insert: 'people', values: { name: 'parent' }, returning: ['id'] })
      await store.write.run({ insert: 'edges', values: { parent: rows[0]?.['id'], child: 7 } })
      const where = {
        all: [
          { column: 'e.parent', is: 'eq', other: 'p.id' } as const,
          { column: 'e.child', is: 'eq', value: 7 } as const,
        ],
      }
      const plan = { from: 'people', as: 'p', select: ['p.name'], where: { exists: { from: 'edges', as: 'e', where } } }
      assert.deepEqual(await store.read.rows(plan), [{ name: 'parent' }])
    })

    test('grows by itself, and loses nothing that it was not told to lose', async () => {
      const table = { name: 'growing', columns: { id: { type: 'id' }, old: { type: 'text', nullable: true } } } as const
      await store.migrate([{ room: 'test', tables: [table] }])
      await store.write.run({ insert: 'growing', values: { old: 'kept' } })
      const wanted: Schema = {
        room: 'test',
        tables: [{ name: 'growing', columns: { id: { type: 'id' }, fresh: { type: 'integer', nullable: true } } }],
      }
      const dry = await store.migrate([wanted], { dryRun: true })
      const report = await store.migrate([wanted])
      assert.deepEqual(dry, report)
      assert.deepEqual(report, { taken: ['add column growing.fresh (integer)'], withheld: ['drop column growing.old'] })
      assert.equal((await store.read.first({ from: 'growing', select: ['old'] }))?.['old'], 'kept')
      const allowed = await store.migrate([wanted], { allow: ['drop column growing.old'] })
      assert.deepEqual(allowed, { taken: ['drop column growing.old'], withheld: [] })
      await assert.rejects(async () => store.read.first({ from: 'growing', select: ['old'] }))
      assert.deepEqual(await store.migrate([wanted]), { taken: [], withheld: [] })
    })

    test('refuses names that are more than names', async () => {
      const table = { name: 'x"; drop table people; --', columns: { id: { type: 'id' } } } as const
      await assert.rejects(store.migrate([{ room: 'test', tables: [table] }]), /Not a name/)
    })
  })
}

const people: Schema = {
  room: 'people',
  tables: [
    {
      name: 'people',
      columns: {
        id: { type: 'id' },
        name: { type: 'text' },
        code: { type: 'text', nullable: true },
        age: { type: 'integer', nullable: true },
        height: { type: 'number', nullable: true },
        tags: { type: 'json', nullable: true },
        active: { type: 'boolean', nullable: true },
        note: { type: 'text', nullable: true },
      },
      indexes: [{ columns: ['name'] }, { columns: ['code'], unique: true }],
    },
    {
      name: 'edges',
      columns: { parent: { type: 'integer' }, child: { type: 'integer' } },
      primaryKey: ['parent', 'child'],
    },
  ],
}

function named(name: string): { column: string; is: 'eq'; value: string } {
  return { column: 'name', is: 'eq', value: name }
}

function coded(code: string): { column: string; is: 'eq'; value: string } {
  return { column: 'code', is: 'eq', value: code }
}
