import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { startCluster } from '../../../test/postgres/cluster.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.ts'
import { compile } from '../compile.ts'
import { openReader, openStore } from '../open.ts'
import type { SelectPlan, Store } from '../port.ts'
import type { Predicate } from '../predicate.ts'
import { storeContract } from '../store.contract.ts'
import { storeSearch } from '../store-search.contract.ts'
import { storeEdges } from '../store-edges.contract.ts'
import { storeWalks } from '../store-walks.contract.ts'
import { storeValues } from '../store-values.contract.ts'
import type { Schema } from '../table.ts'
import { dialect } from './dialect.ts'
import { openPostgres } from './open.ts'

const databases: TestDatabase[] = []
after(async () => {
  for (const database of databases) await database.drop()
})

async function newDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  databases.push(database)
  return database
}

storeContract('PostgreSQL', async () => openPostgres((await newDatabase()).url))
storeSearch('PostgreSQL', async () => openPostgres((await newDatabase()).url))
storeEdges('PostgreSQL', async () => openPostgres((await newDatabase()).url))
storeWalks('PostgreSQL', async () => openPostgres((await newDatabase()).url))
storeValues('PostgreSQL', async () => openPostgres((await newDatabase()).url))

describe('PostgreSQL', () => {
  test('is opened where a URL is given, also for reading alone', async () => {
    const { url } = await newDatabase()
    await using store = await openStore({ url, file: '/nowhere/at/all' })
    assert.equal(store.dialect, 'postgres')
    await store.migrate([notes])
    await store.write.run({ insert: 'notes', values: { text: 'seen' } })
    await using reader = await openReader({ url, file: '/nowhere/at/all' }, [notes])
    assert.deepEqual(await reader.read.rows({ from: 'notes', select: ['text'] }), [{ text: 'seen' }])
    assert.deepEqual(Object.keys(reader), ['read'])
  })

  test('says where it does not answer, without the password', async () => {
    const url = 'postgres://ann:secret@127.0.0.1:1/nothing'
    await assert.rejects(openStore({ url, file: '' }), (thrown: Error) => {
      assert.match(thrown.message, /127\.0\.0\.1:1\/nothing/)
      assert.doesNotMatch(thrown.message, /secret/)
      return 'code' in thrown && thrown.code === 'UNAVAILABLE'
    })
  })

  test('refuses a database that cannot hold every text', async () => {
    const database = await newDatabase()
    await database.query(`create database ${nameOf(database)}_ascii template template0 encoding 'SQL_ASCII'`)
    await assert.rejects(openPostgres(`${database.url}_ascii`), { code: 'BAD_SETTING' })
    await database.query(`drop database ${nameOf(database)}_ascii`)
  })

  test('R22 migrates once, however many nodes start together', async () => {
    const { url, query } = await newDatabase()
    const nodes = await Promise.all(Array.from({ length: 6 }, () => openPostgres(url)))
    const reports = await Promise.all(nodes.map((node) => node.migrate([notes])))
    assert.deepEqual(
      reports.flatMap((report) => report.taken),
      ['create table notes'],
    )
    await Promise.all(nodes.map((node) => node.write.run({ insert: 'notes', values: { text: 'hello' } })))
    assert.deepEqual(await query('select count(*)::int as n from notes'), [{ n: 6 }])
    await Promise.all(nodes.map((node) => node.close()))
    assert.deepEqual(await query('select * from postern_writers'), [], 'writers that left are forgotten')
  })

  test('lets the writers of many nodes follow one another', async () => {
    const { url, query } = await newDatabase()
    const nodes = await Promise.all([openPostgres(url), openPostgres(url), openPostgres(url)])
    for (const node of nodes) await node.migrate([notes])
    await nodes[0].write.run({ insert: 'notes', values: { text: '0' } })
    const raise = (node: Store): Promise<unknown> =>
      node.write.transaction(async ({ first, run }) => {
        const sum = Number((await first({ from: 'notes', select: ['text'] }))?.['text'])
        await run({ update: 'notes', set: { text: String(sum + 1) }, where: true })
      })
    await Promise.all(Array.from({ length: 150 }, (_, index) => raise(nodes[index % 3] ?? nodes[0])))
    assert.deepEqual(await query('select text from notes'), [{ text: '150' }])
    await Promise.all(nodes.map((node) => node.close()))
  })

  test('sorts by an index, whether values may be absent or not', async () => {
    const { url, query } = await newDatabase()
    await using store = await openPostgres(url)
    await store.migrate([notes])
    const tables = new Map(notes.tables.map((table) => [table.name, table]))
    for (const column of ['id', 'text', 'maybe']) {
      for (const descending of [false, true]) {
        const plan: SelectPlan = { from: 'notes', select: ['id'], order: [{ column, descending }] }
        const shown = await query(`explain ${compile(plan, dialect, tables).sql}`)
        assert.ok(shown.length > 0, 'the plan was seen')
        assert.doesNotMatch(JSON.stringify(shown), /Sort/, `${column} ${descending ? 'descending' : 'ascending'}`)
      }
    }
  })

  test('sorts by an index that has a column before it which must be absent', async () => {
    const { url, query } = await newDatabase()
    await using store = await openPostgres(url)
    await store.migrate([papers])
    const values = ['b', 'c', 'a'].map((title) => ({ kind: 'k', title }))
    await store.write.run({
      insert: 'papers',
      values: [...values, { kind: 'k', title: 'gone' }, { kind: 'k', title: null }],
    })
    const gone = { column: 'title', is: 'eq', value: 'gone' } as const
    await store.write.run({ update: 'papers', set: { gone: 'yes' }, where: gone })
    const tables = new Map(papers.tables.map((table) => [table.name, table]))
    const where: Predicate = {
      all: [
        { column: 'p.kind', is: 'eq', value: 'k' },
        { column: 'p.gone', is: 'eq', value: null },
      ],
    }
    for (const descending of [false, true]) {
      const order = [
        { column: 'p.title', descending },
        { column: 'p.id', descending },
      ]
      const plan: SelectPlan = { from: 'papers', as: 'p', select: ['p.title'], where, order, limit: 10 }
      const sql = compile(plan, dialect, tables).sql.replace('$1', "'k'").replace('$2', '10')
      const shown = await query(`set enable_seqscan = off; set enable_bitmapscan = off; explain ${sql}`)
      assert.match(JSON.stringify(shown), /papers__kind_gone_title_id/)
      assert.doesNotMatch(JSON.stringify(shown), /Sort/)
      const titles = (await store.read.rows(plan)).map((row) => row['title'])
      assert.deepEqual(titles, descending ? ['c', 'b', 'a', null] : [null, 'a', 'b', 'c'])
    }
    const distinct: SelectPlan = {
      from: 'papers',
      as: 'p',
      select: ['p.title'],
      distinct: true,
      where,
      order: [{ column: 'p.title' }],
    }
    assert.equal((await store.read.rows(distinct)).length, 4)
  })

  test('counts what any node wrote, at once', async () => {
    const { url } = await newDatabase()
    await using store = await openPostgres(url)
    await using other = await openPostgres(url)
    await store.migrate([notes])
    other.declare(notes)
    const total = async (): Promise<number> => store.read.count({ from: 'notes', select: [] })
    for (let round = 1; round <= 6; round++) {
      const values = Array.from({ length: 4_000 }, (_, index) => ({ text: `${round} ${index}` }))
      await (round % 2 === 0 ? store : other).write.run({ insert: 'notes', values })
      assert.equal(await total(), round * 4_000)
      assert.equal(await total(), round * 4_000)
    }
    await other.write.run({ delete: 'notes', where: true })
    assert.equal(await total(), 0)
  })

  test('never lets the reading side write', async () => {
    const { url } = await newDatabase()
    await using store = await openPostgres(url)
    await store.migrate([notes])
    const plan = { insert: 'notes', values: { text: 'smuggled' } }
    // What a thief of the reader would try: the compiler takes any plan.
    await assert.rejects(async () => store.read.rows(plan as never))
    assert.equal(await store.read.count({ from: 'notes', select: [] }), 0)
  })
})

describe('PostgreSQL away', () => {
  test('R07 answers in time while the server is away, and works by itself within a second of its return', async () => {
    const cluster = await startCluster({ durable: false })
    try {
      await using store = await openPostgres(cluster.url)
      await store.migrate([notes])
      await store.write.run({ insert: 'notes', values: { text: 'before' } })
      await cluster.stop()
      const begun = performance.now()
      const refused = { code: 'UNAVAILABLE', headers: { 'retry-after': '1' } }
      const asked = [
        async () => store.read.rows({ from: 'notes', select: ['text'] }),
        () => store.write.run({ insert: 'notes', values: { text: 'never' } }),
        () => store.write.transaction(({ run }) => run({ insert: 'notes', values: { text: 'never' } })),
      ]
      await Promise.all(asked.map((one) => assert.rejects(one, refused)))
      assert.ok(performance.now() - begun < 4_000, 'nobody waited for long')
      const again = performance.now()
      await assert.rejects(async () => store.read.rows({ from: 'notes', select: ['text'] }), refused)
      assert.ok(performance.now() - again < 500, 'known to be away: nobody waits')
      await cluster.start()
      const back = performance.now()
      const written = await untilDone(() => store.write.run({ insert: 'notes', values: { text: 'after' } }))
      assert.equal(written.count, 1)
      assert.ok(performance.now() - back < 2_000, 'back by itself')
      const rows = await untilDone(async () =>
        store.read.rows({ from: 'notes', select: ['text'], order: [{ column: 'id' }] }),
      )
      assert.deepEqual(rows, [{ text: 'before' }, { text: 'after' }])
    } finally {
      await cluster.remove()
    }
  })

  test('refuses soon what waits for another node that writes for long, and goes on by itself', async () => {
    const { url, query } = await newDatabase()
    await using store = await openPostgres(url)
    await store.migrate([notes])
    await store.write.run({ insert: 'notes', values: { text: 'first' } })
    const turn = 'select pg_advisory_xact_lock(1886352242, hashtext(current_schema()))'
    const holding = query(`begin; ${turn}; select pg_sleep(3.5); commit`)
    await new Promise((go) => setTimeout(go, 200))
    const begun = performance.now()
    const refused = { code: 'UNAVAILABLE', headers: { 'retry-after': '1' } }
    await assert.rejects(store.write.run({ insert: 'notes', values: { text: 'never' } }), refused)
    assert.ok(performance.now() - begun < 3_000, 'refused while the other still wrote')
    assert.equal((await store.read.rows({ from: 'notes', select: ['id'] })).length, 1, 'reads go on')
    await holding
    await store.write.run({ insert: 'notes', values: { text: 'second' } })
    assert.deepEqual(await query('select text from notes order by id'), [{ text: 'first' }, { text: 'second' }])
  })

  test('R09 refuses soon what finds all connections busy', async () => {
    const { url, query } = await newDatabase()
    await using store = await openPostgres(url)
    await store.migrate([notes])
    const holding = query('begin; lock table notes in access exclusive mode; select pg_sleep(4); commit')
    await new Promise((go) => setTimeout(go, 200))
    const begun = performance.now()
    const asked = Array.from({ length: 30 }, async () => store.read.rows({ from: 'notes', select: ['text'] }))
    const late = asked.slice(10).map(async (one) => {
      await assert.rejects(one, { code: 'UNAVAILABLE', headers: { 'retry-after': '1' } })
      return performance.now() - begun
    })
    const times = await Promise.all(late)
    assert.ok(Math.max(...times) < 3_500, 'refused before the ten that came first were answered')
    assert.equal((await Promise.all(asked.slice(0, 10))).length, 10)
    await holding
  })
})

/** Retries as a caller would. */
async function untilDone<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (thrown) {
      if (attempt > 200) throw thrown
      await new Promise((again) => setTimeout(again, 20))
    }
  }
}

function nameOf(database: TestDatabase): string {
  return new URL(database.url).pathname.slice(1)
}

const notes: Schema = {
  room: 'notes',
  tables: [
    {
      name: 'notes',
      columns: { id: { type: 'id' }, text: { type: 'text' }, maybe: { type: 'text', nullable: true } },
      indexes: [{ columns: ['text'] }, { columns: ['maybe'] }],
    },
  ],
}

const papers: Schema = {
  room: 'papers',
  tables: [
    {
      name: 'papers',
      columns: {
        id: { type: 'id' },
        kind: { type: 'text' },
        gone: { type: 'text', nullable: true },
        title: { type: 'text', nullable: true },
      },
      indexes: [{ columns: ['kind', 'gone', 'title', 'id'] }],
    },
  ],
}
