import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Order, Row, Store } from './port.ts'
import type { Predicate } from './predicate.ts'
import { things } from './store-values.contract.ts'

/** Where databases like to differ: what all of them must give back, byte for byte. `open` gives a store on an empty database. */
export function storeEdges(name: string, open: () => Promise<Store>): void {
  describe(`the edges of a store on ${name}`, () => {
    let store: Store
    before(async () => {
      store = await open()
      await store.migrate([things])
    })
    after(() => store.close())

    /** Inserts things of one kind, and gives back a way to ask for their names. */
    async function made(
      kind: string,
      rows: readonly Row[],
    ): Promise<(where?: Predicate, order?: Order[]) => Promise<unknown[]>> {
      for (const row of rows) await store.write.run({ insert: 'things', values: { ...row, kind } })
      return async (where = true, order = [{ column: 'id' }]) => {
        const all: Predicate = { all: [{ column: 'kind', is: 'eq', value: kind }, where] }
        return (await store.read.rows({ from: 'things', select: ['name', 'id'], where: all, order })).map(
          (row) => row['name'],
        )
      }
    }

    test('sorts and compares text by its bytes, not by its letters', async () => {
      const names = [
        'b',
        'B',
        'a',
        'é',
        'e\u0301',
        'zz',
        '_',
        '~',
        'ß',
        'ẞ',
        '\ufffd',
        '🦆',
        ' a',
        '',
        '10',
        '9',
        'A b',
        'Ab',
      ]
      const ask = await made(
        'bytes',
        names.map((each) => ({ name: each })),
      )
      const sorted = names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      assert.deepEqual(await ask(true, [{ column: 'name' }]), sorted)
      assert.deepEqual(await ask(true, [{ column: 'name', descending: true }]), sorted.toReversed())
      const after_ = (is: 'gt' | 'lte'): Promise<unknown[]> =>
        ask({ column: 'name', is, value: 'a' }, [{ column: 'name' }])
      assert.deepEqual(await after_('gt'), sorted.slice(sorted.indexOf('a') + 1))
      assert.deepEqual(await after_('lte'), sorted.slice(0, sorted.indexOf('a') + 1))
      assert.deepEqual(await ask({ column: 'name', is: 'eq', value: 'é' }), ['é'])
    })

    test('puts absent values first and, descending, last, also with a limit and through a join', async () => {
      const ask = await made('nulls', [{ name: 'two', whole: 2 }, { name: 'none' }, { name: 'one', whole: 1 }])
      assert.deepEqual(await ask(true, [{ column: 'whole' }]), ['none', 'one', 'two'])
      assert.deepEqual(await ask(true, [{ column: 'whole', descending: true }]), ['two', 'one', 'none'])
      const joins = [
        { table: 'things', as: 'u', on: { column: 'u.whole', is: 'lt', other: 't.whole' }, optional: true },
      ] as const
      const plan = { from: 'things', as: 't', joins, select: ['t.name', { column: 'u.name', as: 'lower' }], limit: 3 }
      const where: Predicate = {
        all: [
          { column: 't.kind', is: 'eq', value: 'nulls' },
          {
            any: [
              { column: 'u.id', is: 'eq', value: null },
              { column: 'u.kind', is: 'eq', value: 'nulls' },
            ],
          },
        ],
      }
      const order = [{ column: 'u.name' }, { column: 't.name' }]
      assert.deepEqual(await store.read.rows({ ...plan, where, order }), [
        { name: 'none', lower: null },
        { name: 'one', lower: null },
        { name: 'two', lower: 'one' },
      ])
    })

    test('knows true, false and neither', async () => {
      const ask = await made('flags', [{ name: 'yes', flag: true }, { name: 'no', flag: false }, { name: 'unknown' }])
      assert.deepEqual(await ask({ column: 'flag', is: 'eq', value: true }), ['yes'])
      assert.deepEqual(await ask({ column: 'flag', is: 'ne', value: true }), ['no', 'unknown'])
      assert.deepEqual(await ask({ column: 'flag', in: [false] }), ['no'])
      assert.deepEqual(await ask({ not: { column: 'flag', in: [false] } }), ['yes'])
      assert.deepEqual(await ask(true, [{ column: 'flag' }]), ['unknown', 'no', 'yes'])
    })

    test('reads patterns alike: accents count, case only beyond ASCII, and an escaped sign is itself', async () => {
      const ask = await made(
        'like',
        ['Tom', 'tom', 'TOM', 'Töm', '50%', '500', 'a_b', 'axb', 'a\\b', 'two\nlines', ''].map((each) => ({
          name: each,
        })),
      )
      const like = (pattern: string): Promise<unknown[]> => ask({ column: 'name', like: pattern })
      assert.deepEqual(await like('tom'), ['Tom', 'tom', 'TOM'])
      assert.deepEqual(await like('tö%'), ['Töm'])
      assert.deepEqual(await like('TÖ%'), [])
      assert.deepEqual(await like('t_m'), ['Tom', 'tom', 'TOM', 'Töm'])
      assert.deepEqual(await like('50\\%'), ['50%'])
      assert.deepEqual(await like('a\\_b'), ['a_b'])
      assert.deepEqual(await like('a\\\\b'), ['a\\b'])
      assert.deepEqual(await like('%o%l%'), ['two\nlines'])
      assert.deepEqual(await like(''), [''])
    })

    test('takes lists of any length, also none', async () => {
      const ask = await made('lists', [{ name: 'a', whole: 1 }, { name: 'b', whole: 2 }, { name: 'c' }])
      assert.deepEqual(await ask({ column: 'whole', in: [] }), [])
      assert.deepEqual(await ask({ not: { column: 'whole', in: [] } }), ['a', 'b', 'c'])
      assert.deepEqual(await ask({ column: 'whole', in: Array.from({ length: 5000 }, (_, index) => index + 2) }), ['b'])
      assert.deepEqual(await ask({ column: 'name', in: ['a', 'a', 'c'] }), ['a', 'c'])
      assert.deepEqual(await ask({ all: [] }), ['a', 'b', 'c'])
      assert.deepEqual(await ask({ any: [] }), [])
    })

    test('gives rows as plain objects in the order of the columns asked for, however they are asked', async () => {
      await made('plain', [{ name: 'x', whole: 1 }])
      const where: Predicate = { column: 'kind', is: 'eq', value: 'plain' }
      const [row] = await store.read.rows({
        from: 'things',
        select: ['whole', 'name', { column: 'kind', as: 'sort' }],
        where,
      })
      assert.equal(JSON.stringify(row), '{"whole":1,"name":"x","sort":"plain"}')
      assert.equal(Object.getPrototypeOf(row), Object.prototype)
      const update = await store.write.run({
        update: 'things',
        set: { flag: true },
        add: { whole: 4 },
        where,
        returning: ['whole', 'flag', 'name'],
      })
      assert.equal(JSON.stringify(update), '{"count":1,"rows":[{"whole":5,"flag":true,"name":"x"}]}')
      assert.deepEqual(await store.write.run({ update: 'things', set: { flag: true }, where: false }), {
        count: 0,
        rows: [],
      })
      assert.deepEqual(await store.write.run({ delete: 'things', where, returning: ['name'] }), {
        count: 1,
        rows: [{ name: 'x' }],
      })
      assert.equal(await store.read.first({ from: 'things', select: ['name'], where }), undefined)
    })

    test('counts, groups and finds the greatest alike, also of nothing', async () => {
      await made('groups', [{ name: 'a', whole: 1 }, { name: 'a', whole: 3 }, { name: 'b' }])
      const where: Predicate = { column: 'kind', is: 'eq', value: 'groups' }
      const all = { aggregate: 'count', as: 'n' } as const
      const most = { aggregate: 'max', column: 'whole', as: 'most' } as const
      const plan = {
        from: 'things',
        select: ['name', all, most],
        where,
        groupBy: ['name'],
        order: [{ column: 'name' }],
      }
      assert.deepEqual(await store.read.rows(plan), [
        { name: 'a', n: 2, most: 3 },
        { name: 'b', n: 1, most: null },
      ])
      assert.deepEqual(await store.read.rows({ from: 'things', select: [all, most], where: false }), [
        { n: 0, most: null },
      ])
      const names = { from: 'things', select: ['name'], where, distinct: true, order: [{ column: 'name' }] }
      assert.deepEqual(await store.read.rows(names), [{ name: 'a' }, { name: 'b' }])
    })

    test('takes ids from outside, and gives others after them', async () => {
      await store.write.run({ insert: 'things', values: { id: 1_000_000, kind: 'ids', name: 'given' } })
      const { rows } = await store.write.run({
        insert: 'things',
        values: { kind: 'ids', name: 'next' },
        returning: ['id'],
      })
      assert.equal(rows[0]?.['id'], 1_000_001)
      await store.write.run({ insert: 'things', values: { id: 500_000, kind: 'ids', name: 'earlier' } })
      const last = await store.write.run({ insert: 'things', values: { kind: 'ids', name: 'last' }, returning: ['id'] })
      assert.equal(last.rows[0]?.['id'], 1_000_002)
    })

    test('keeps what refers to something together with it', async () => {
      const { rows } = await store.write.run({
        insert: 'things',
        values: { kind: 'refs', name: 'whole' },
        returning: ['id'],
      })
      const thing = rows[0]?.['id']
      await store.write.run({ insert: 'parts', values: { thing } })
      await assert.rejects(store.write.run({ insert: 'parts', values: { thing: 4_000_000 } }), { code: 'CONFLICT' })
      await store.write.run({ delete: 'things', where: { column: 'kind', is: 'eq', value: 'refs' } })
      assert.equal(await store.read.count({ from: 'parts', select: [] }), 0)
    })

    test('takes many rows at once, or none of them', async () => {
      await made('many', [{ name: 'first', code: 'taken' }])
      const values = Array.from({ length: 300 }, (_, index) => ({
        kind: 'many',
        name: `${index}`,
        code: index === 299 ? 'taken' : null,
      }))
      await assert.rejects(store.write.run({ insert: 'things', values }), {
        code: 'CONFLICT',
        errors: [{ path: 'code', message: 'is already taken' }],
      })
      const where: Predicate = { column: 'kind', is: 'eq', value: 'many' }
      assert.equal(await store.read.count({ from: 'things', select: [], where }), 1)
    })

    test('lets transactions that read and then write follow one another', async () => {
      await made('serial', [{ name: 'sum', whole: 0 }])
      const where: Predicate = { column: 'kind', is: 'eq', value: 'serial' }
      const raise = (): Promise<unknown> =>
        store.write.transaction(async ({ first, run }) => {
          const row = await first({ from: 'things', select: ['whole'], where, lock: true })
          await run({ update: 'things', set: { whole: Number(row?.['whole']) + 1 }, where })
        })
      await Promise.all(Array.from({ length: 100 }, raise))
      assert.equal((await store.read.first({ from: 'things', select: ['whole'], where }))?.['whole'], 100)
    })

    test('lets others have their turn while writers write again as soon as they are answered', async () => {
      let isOver = false
      const writer = async (): Promise<void> => {
        while (!isOver) await store.write.run({ update: 'things', set: { flag: true }, where: false })
      }
      const writing = Promise.all([writer(), writer(), writer()])
      const begun = performance.now()
      await new Promise((turn) => setTimeout(turn, 20))
      isOver = true
      await writing
      assert.ok(performance.now() - begun < 5_000)
    })

    test('takes a column for absent wherever its condition does not hold, or cannot be said', async () => {
      const kind: Predicate = { column: 'kind', is: 'eq', value: 'given' }
      const rows = [
        { name: 'a', whole: 3, number: 1 },
        { name: 'b', whole: 2, number: 0 },
        { name: 'c', whole: 1, number: null },
        { name: 'd', whole: 4, number: 1 },
      ]
      for (const row of rows) await store.write.run({ insert: 'things', values: { ...row, kind: 'given' } })
      const whole = { column: 'whole', given: { column: 'number', is: 'gt', value: 0 } } as const
      const names = async (where: Predicate, descending = false): Promise<string> => {
        const order = [{ ...whole, descending }, { column: 'id' }]
        const all: Predicate = { all: [kind, where] }
        const found = await store.read.rows({ from: 'things', select: ['name'], where: all, order })
        assert.equal(await store.read.count({ from: 'things', select: [], where: all }), found.length)
        return found.map((row) => row['name']).join('')
      }
      assert.deepEqual([await names(true), await names(true, true)], ['bcad', 'dabc'])
      assert.equal(await names({ ...whole, is: 'eq', value: null }), 'bc')
      assert.equal(await names({ ...whole, is: 'ne', value: null }), 'ad')
      assert.equal(await names({ ...whole, is: 'ne', value: 3 }), 'bcd')
      assert.equal(await names({ ...whole, is: 'lte', value: 3 }), 'a')
      assert.equal(await names({ ...whole, in: [1, 2, 4] }), 'd')
      const select = [{ ...whole, as: 'shown' }]
      const shown = await store.read.rows({ from: 'things', select, where: kind, order: [{ column: 'name' }] })
      assert.deepEqual(shown, [{ shown: 3 }, { shown: null }, { shown: null }, { shown: 4 }])
    })

    test('adds a column with its default to rows that are there', async () => {
      await store.migrate([{ room: 'late', tables: [{ name: 'late', columns: { id: { type: 'id' } } }] }])
      await store.write.run({ insert: 'late', values: { id: 1 } })
      const columns = {
        id: { type: 'id' },
        on: { type: 'boolean', default: true },
        text: { type: 'text', default: "it's" },
        whole: { type: 'integer', default: 7 },
      } as const
      await store.migrate([
        { room: 'late', tables: [{ name: 'late', columns, indexes: [{ columns: ['text', 'on'] }] }] },
      ])
      assert.deepEqual(await store.read.rows({ from: 'late', select: ['on', 'text', 'whole'] }), [
        { on: true, text: "it's", whole: 7 },
      ])
    })
  })
}
