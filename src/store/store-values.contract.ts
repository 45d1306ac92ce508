import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Row, SelectPlan, Store } from './port.ts'
import type { Predicate } from './predicate.ts'
import type { Schema } from './table.ts'

/** What every database must keep exactly as it was given, or refuse. `open` gives a store on an empty database. */
export function storeValues(name: string, open: () => Promise<Store>): void {
  describe(`values in a store on ${name}`, () => {
    let store: Store
    before(async () => {
      store = await open()
      await store.migrate([things])
    })
    after(() => store.close())

    test('keeps numbers to their limits', async () => {
      const wholes = [0, 1, -1, 2 ** 31, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]
      const numbers = [0.1, -0.5, 1 / 3, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, 123456789.125, 3]
      for (const whole of wholes) assert.equal(await kept(store, { whole }, 'whole'), whole)
      for (const number of numbers) assert.equal(await kept(store, { number }, 'number'), number)
      for (const number of [Number.NaN, Infinity, -Infinity]) {
        await assert.rejects(store.write.run({ insert: 'things', values: { kind: 'no', name: 'no', number } }), {
          code: 'INVALID',
        })
      }
    })

    test('keeps JSON exactly, in its own order', async () => {
      const values = [
        'text',
        '',
        0,
        1e100,
        false,
        true,
        [],
        {},
        [null],
        { b: 1, a: [{ z: null }] },
        'a\u0000b',
        '\ud800',
        { 'ключ "': '\\' },
      ]
      for (const json of values) {
        assert.equal(JSON.stringify(await kept(store, { json }, 'json')), JSON.stringify(json))
      }
    })

    test('keeps bytes, and gives them as plain bytes', async () => {
      for (const bytes of [new Uint8Array(0), Uint8Array.from({ length: 256 }, (_, index) => index)]) {
        const found = await kept(store, { bytes }, 'bytes')
        assert.deepEqual(found, bytes)
        assert.equal(Object.getPrototypeOf(found), Uint8Array.prototype)
      }
    })

    test('refuses text that not every database can keep, and stores nothing of it', async () => {
      for (const name of ['a\u0000b', '\u0000', 'half \ud83e', '\udd86']) {
        await assert.rejects(store.write.run({ insert: 'things', values: { kind: 'odd', name } }), { code: 'INVALID' })
        await assert.rejects(
          async () =>
            store.read.rows({ from: 'things', select: ['id'], where: { column: 'name', is: 'eq', value: name } }),
          { code: 'INVALID' },
        )
      }
      const where: Predicate = { column: 'kind', is: 'eq', value: 'odd' }
      assert.equal(await store.read.count({ from: 'things', select: [], where }), 0)
    })

    test('counts up to any limit, by an index or not, and what matters only where there is something', async () => {
      for (let at = 0; at < 7; at += 1)
        await store.write.run({ insert: 'things', values: { kind: 'counted', name: `n${at % 3}`, whole: at } })
      const kind: Predicate = { column: 't.kind', is: 'eq', value: 'counted' }
      const named: Predicate = { column: 't.name', in: ['n0', 'n1'] }
      const odd: Predicate = {
        whenAny: { from: 'parts', as: 'p', where: true },
        must: { column: 't.whole', is: 'ne', value: 3 },
      }
      const counts = async (all: Predicate[]): Promise<number[]> => {
        const plan: SelectPlan = { from: 'things', as: 't', select: [], where: { all } }
        const limits = [0, 1, 4, 5, 6, 7, 8, undefined]
        return Promise.all(limits.map(async (limit) => store.read.count(plan, limit)))
      }
      const upTo = (most: number): number[] => [0, 1, 4, 5, 6, 7, 8, most].map((limit) => Math.min(limit, most))
      const whole: Predicate = { column: 't.whole', is: 'gte', value: 0 }
      const cases: readonly (readonly [Predicate[], number])[] = [
        [[kind], 7],
        [[kind, named], 5],
        [[kind, whole], 7],
        [[kind, { not: { column: 't.name', is: 'eq', value: 'n1' } }], 5],
        [[kind, { column: 't.name', in: [] }], 0],
      ]
      for (const [all, most] of cases) assert.deepEqual(await counts([...all, odd]), upTo(most))
      const { rows } = await store.write.run({ insert: 'things', values: { kind: 'x', name: 'x' }, returning: ['id'] })
      await store.write.run({ insert: 'parts', values: { thing: Number(rows[0]?.['id']) } })
      for (const [all, most] of cases) assert.deepEqual(await counts(all), upTo(most))
      for (const [all, most] of cases) assert.deepEqual(await counts([...all, odd]), upTo(Math.max(0, most - 1)))
    })
  })
}

/** What comes back of one value. */
async function kept(store: Store, values: Row, column: string): Promise<unknown> {
  const { rows } = await store.write.run({
    insert: 'things',
    values: { kind: 'kept', name: 'kept', ...values },
    returning: ['id', column],
  })
  const where: Predicate = { column: 'id', is: 'eq', value: Number(rows[0]?.['id']) }
  const read = (await store.read.first({ from: 'things', select: [column], where }))?.[column]
  assert.deepEqual(rows[0]?.[column], read, 'returned as it is read')
  return read
}

/** One column of each type. */
export const things: Schema = {
  room: 'things',
  tables: [
    {
      name: 'things',
      columns: {
        id: { type: 'id' },
        kind: { type: 'text' },
        name: { type: 'text' },
        code: { type: 'text', nullable: true },
        whole: { type: 'integer', nullable: true },
        number: { type: 'number', nullable: true },
        json: { type: 'json', nullable: true },
        bytes: { type: 'bytes', nullable: true },
        flag: { type: 'boolean', nullable: true },
      },
      indexes: [{ columns: ['kind', 'name'] }, { columns: ['code'], unique: true }],
    },
    {
      name: 'parts',
      columns: {
        id: { type: 'id' },
        thing: { type: 'integer', references: { table: 'things', column: 'id', onDelete: 'cascade' } },
      },
    },
  ],
}
