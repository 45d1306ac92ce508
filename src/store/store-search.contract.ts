import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SelectPlan, Store } from './port.ts'
import type { Predicate } from './predicate.ts'
import type { Schema } from './table.ts'

/** Words are found alike on every database. `open` gives a store on an empty database. */
export function storeSearch(name: string, open: () => Promise<Store>): void {
  describe(`words in a store on ${name}`, () => {
    let store: Store
    before(async () => {
      store = await open()
      await store.migrate([schema])
      await store.write.run({ insert: 'things', values: ['a', 'b', 'c'].map((name) => ({ name })) })
      await write(1, 'red house', 'on the hill 12e3 123abc u043c')
      await write(2, 'blue', 'a red car www not and near or')
      await write(3, 'house', 'housing')
    })
    after(() => store.close())

    const write = (rowid: number, title: string, body: string): Promise<unknown> =>
      store.write.run({ insert: 'thing_words', values: { rowid, title, body } })

    async function found(
      matches: Omit<Extract<Predicate, { matches: object }>['matches'], 'index'>,
    ): Promise<unknown[]> {
      const where: Predicate = { column: 't.id', matches: { index: 'thing_words', ...matches } }
      const rows = await store.read.rows({
        from: 'things',
        as: 't',
        select: ['t.name'],
        where,
        order: [{ column: 't.id' }],
      })
      return rows.map((row) => row['name'])
    }

    test('finds what holds every word, wherever it stands', async () => {
      assert.deepEqual(await found({ words: 'red' }), ['a', 'b'])
      assert.deepEqual(await found({ words: 'red house' }), ['a'])
      assert.deepEqual(await found({ words: 'house' }), ['a', 'c'])
      assert.deepEqual(await found({ words: 'hous*' }), ['a', 'c'])
      assert.deepEqual(await found({ words: 'hou* hill' }), ['a'])
      assert.deepEqual(await found({ words: 'nowhere' }), [])
    })

    test('lists and counts in either order, from any id on, beside whatever else has to hold', async () => {
      const houses: Predicate = { column: 't.id', matches: { index: 'thing_words', words: 'hous*' } }
      const ask = async (also: Predicate, descending = false): Promise<string> => {
        const where: Predicate = { all: [also, { all: [houses] }] }
        const plan = { from: 'things', as: 't', select: ['t.name'], where }
        const order = [{ column: 't.id', descending }]
        const rows = await store.read.rows({ ...plan, order, limit: 5 })
        assert.equal(await store.read.count(plan, 5), rows.length)
        return rows.map((row) => row['name']).join('')
      }
      assert.deepEqual([await ask(true), await ask(true, true), await ask(false)], ['ac', 'ca', ''])
      assert.equal(await ask({ column: 't.id', is: 'gt', value: 1 }), 'c')
      assert.equal(await ask({ column: 't.id', is: 'lt', value: 3 }, true), 'a')
      assert.equal(await ask({ column: 't.name', is: 'eq', value: 'c' }), 'c')
      assert.equal(await ask({ column: 't.name', is: 'eq', value: 'c', unindexed: true }), 'c')
      assert.equal(
        await ask({
          any: [
            { column: 't.name', like: 'A' },
            { column: 't.id', is: 'eq', value: 2 },
          ],
        }),
        'a',
      )
    })

    test('finds any of several alternatives', async () => {
      assert.deepEqual(await found({ words: 'hill red|car red' }), ['a', 'b'])
      assert.deepEqual(await found({ words: 'nowhere|hous*|nobody' }), ['a', 'c'])
      assert.deepEqual(await found({ words: 'hill car|red nowhere' }), [])
      assert.deepEqual(await found({ words: 'red|house', in: { name: 'title', index: 0 } }), ['a', 'c'])
      assert.deepEqual(await found({ words: 'hill|house', in: { name: 'body', index: 1 } }), ['a'])
    })

    test('counts the rows of the index itself, without those it need not have', async () => {
      const matches: Predicate = { column: 'w.rowid', matches: { index: 'thing_words', words: 'red' } }
      const all: Predicate[] = [matches, { not: { column: 'w.rowid', is: 'eq', value: 2 } }]
      const plan: SelectPlan = { from: 'thing_words', as: 'w', select: [] }
      const counts = [matches, { all }].map((where) => store.read.count({ ...plan, where }, 10))
      assert.deepEqual(await Promise.all([...counts, store.read.count({ ...plan, where: matches })]), [2, 1, 2])
    })

    test('takes numbers, mixtures and words of query languages as words', async () => {
      for (const word of ['12e3', '123abc', 'u043c', '12*']) assert.deepEqual(await found({ words: word }), ['a'], word)
      for (const word of ['not', 'and', 'or', 'near', 'www', 'not and'])
        assert.deepEqual(await found({ words: word }), ['b'], word)
    })

    test('finds in one column alone, and says so as a value to sort by', async () => {
      assert.deepEqual(await found({ words: 'red', in: { name: 'title', index: 0 } }), ['a'])
      assert.deepEqual(await found({ words: 'red', in: { name: 'body', index: 1 } }), ['b'])
      const inTitle: Predicate = {
        column: 't.id',
        matches: { index: 'thing_words', words: 'house', in: { name: 'title', index: 0 } },
      }
      const rows = await store.read.rows({
        from: 'things',
        as: 't',
        select: ['t.name', { test: inTitle, as: '@rank' }],
        order: [
          { column: '@rank', descending: true },
          { column: 't.id', descending: true },
        ],
      })
      assert.deepEqual(
        rows.map((row) => [row['name'], row['@rank']]),
        [
          ['c', 1],
          ['a', 1],
          ['b', 0],
        ],
      )
    })

    test('sorts what is in one column first, page by page and from any place on', async () => {
      for (let at = 10; at < 30; at += 1) {
        const inTitle = at % 3 === 0
        await store.write.run({ insert: 'things', values: { id: at, name: inTitle ? 'best' : 'other' } })
        await write(at, inTitle ? 'lamp post' : 'post', at % 2 === 0 ? 'lamp' : 'lamp lamp')
      }
      const lamps = { index: 'thing_words', words: 'lamp|nothing' }
      const isBest: Predicate = { column: 't.id', matches: { ...lamps, in: { name: 'title', index: 0 } } }
      const ids = async (also: Predicate, page: Partial<SelectPlan>, descending = false): Promise<unknown[]> => {
        const rows = await store.read.rows({
          from: 'things',
          as: 't',
          select: ['t.id', 't.name', { test: isBest, as: '@rank' }],
          where: { all: [{ column: 't.id', matches: lamps }, also] },
          order: [
            { column: '@rank', descending: true },
            { column: 't.id', descending },
          ],
          ...page,
        })
        for (const row of rows) assert.equal(row['@rank'], row['name'] === 'best' ? 1 : 0)
        return rows.map((row) => row['id'])
      }
      const all = Array.from({ length: 20 }, (_, index) => index + 10)
      const [best, others] = [all.filter((id) => id % 3 === 0), all.filter((id) => id % 3 !== 0)]
      const whole = [...best, ...others]
      assert.deepEqual(await ids(true, {}), whole)
      assert.deepEqual(await ids(true, {}, true), [...best.toReversed(), ...others.toReversed()])
      for (const offset of [0, 4, 6, 7, 18, 40])
        assert.deepEqual(await ids(true, { limit: 5, offset }), whole.slice(offset, offset + 5))
      const beyond = (id: number): Predicate => ({ column: 't.id', is: 'gt', value: id })
      const afterBest: Predicate = { any: [{ not: isBest }, { all: [isBest, beyond(15)] }] }
      assert.deepEqual(await ids(afterBest, { limit: 6 }), [18, 21, 24, 27, 10, 11])
      assert.deepEqual(await ids({ any: [false, { all: [{ not: isBest }, beyond(20)] }] }, { limit: 3 }), [22, 23, 25])
      assert.deepEqual(await ids({ all: [isBest, { not: isBest }] }, { limit: 3 }), [])
      assert.deepEqual(await ids({ column: 't.name', is: 'eq', value: 'best' }, { limit: 3 }), [12, 15, 18])
      await store.write.run({ delete: 'things', where: { column: 'id', is: 'gte', value: 10 } })
    })

    test('forgets what is written over or taken out', async () => {
      await write(3, 'tent', '')
      assert.deepEqual(await found({ words: 'house' }), ['a'])
      assert.deepEqual(await found({ words: 'tent' }), ['c'])
      await store.write.run({ delete: 'thing_words', where: { column: 'rowid', is: 'eq', value: 3 } })
      assert.deepEqual(await found({ words: 'tent' }), [])
    })
  })
}

const schema: Schema = {
  room: 'things',
  tables: [
    { name: 'things', columns: { id: { type: 'id' }, name: { type: 'text' } } },
    { name: 'thing_words', columns: {}, search: ['title', 'body'] },
  ],
}
