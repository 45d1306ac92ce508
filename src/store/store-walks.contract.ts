import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SelectPlan, Store } from './port.ts'
import type { Schema } from './table.ts'

/** What every database must find along edges, in groups, and by several conditions at once. `open` gives a store on an empty database. */
export function storeWalks(name: string, open: () => Promise<Store>): void {
  describe(`ways to the rows of a store on ${name}`, () => {
    let store: Store
    before(async () => {
      store = await open()
      await store.migrate([folk])
    })
    after(() => store.close())

    test('walks edges to any depth, and ends on a circle', async () => {
      const edges = [
        [1, 2],
        [2, 3],
        [3, 4],
        [4, 2],
      ].map(([parent, child]) => ({ parent, child }))
      await store.write.run({ insert: 'edges', values: edges })
      const within = { edges: 'edges', from: 'parent', to: 'child', start: [1] }
      const plan = {
        from: 'edges',
        select: ['child'],
        distinct: true,
        where: { column: 'child', within },
        order: [{ column: 'child' }],
      }
      assert.deepEqual(await store.read.rows(plan), [{ child: 2 }, { child: 3 }, { child: 4 }])
      const own = { table: 'edges', column: 'parent' }
      const alone = { column: 'child', within: { ...within, start: [4], own } }
      assert.deepEqual(await store.read.rows({ ...plan, where: alone }), [{ child: 2 }, { child: 3 }, { child: 4 }])
      const nowhere = { column: 'child', within: { ...within, start: [], own } }
      assert.deepEqual(await store.read.rows({ ...plan, where: nowhere }), [])
    })

    test('puts together what several conditions find, in one order', async () => {
      const note = 'each'
      const ages = [5, null, 3, 4, null, 1]
      await store.write.run({ insert: 'folk', values: ages.map((age, index) => ({ name: `n${index}`, age, note })) })
      const each = ['n0', 'n1', 'n2', 'n3', 'n4'].map((value) => ({ column: 'p.name', is: 'eq', value }) as const)
      const where = { column: 'p.note', is: 'eq', value: note } as const
      const plan = { from: 'folk', as: 'p', select: ['p.name', { column: 'p.age', as: 'years' }], where, each }
      const names = async (descending: boolean, page: Pick<SelectPlan, 'limit' | 'offset'>): Promise<string> => {
        const order = [{ column: 'p.age', descending }, { column: 'p.name' }]
        return (await store.read.rows({ ...plan, order, ...page })).map((row) => row['name']).join()
      }
      assert.equal(await names(false, {}), 'n1,n4,n2,n3,n0')
      assert.equal(await names(true, { limit: 2 }), 'n0,n3')
      assert.equal(await names(true, { limit: 3, offset: 2 }), 'n2,n1,n4')
      assert.deepEqual([await store.read.count(plan), await store.read.count(plan, 3)], [5, 3])
      assert.deepEqual(await store.read.first({ ...plan, each: each.slice(3, 4) }), { name: 'n3', years: 4 })
    })

    test('takes the first few of each group', async () => {
      const edges = [10, 11].flatMap((parent) => [3, 1, 2].map((child) => ({ parent: parent + 100, child })))
      await store.write.run({ insert: 'edges', values: edges })
      const where = { column: 'e.parent', in: [110, 111] } as const
      const plan = {
        from: 'edges',
        as: 'e',
        select: ['e.parent', 'e.child'],
        where,
        order: [{ column: 'e.child', descending: true }],
      }
      assert.deepEqual(await store.read.rows({ ...plan, perGroup: { column: 'e.parent', limit: 2 } }), [
        { parent: 110, child: 3 },
        { parent: 110, child: 2 },
        { parent: 111, child: 3 },
        { parent: 111, child: 2 },
      ])
    })
  })
}

const folk: Schema = {
  room: 'folk',
  tables: [
    {
      name: 'folk',
      columns: {
        id: { type: 'id' },
        name: { type: 'text' },
        age: { type: 'integer', nullable: true },
        note: { type: 'text', nullable: true },
      },
    },
    {
      name: 'edges',
      columns: { parent: { type: 'integer' }, child: { type: 'integer' } },
      primaryKey: ['parent', 'child'],
    },
  ],
}
