import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { must } from '../../errors/must.ts'
import { compile } from '../compile.ts'
import type { Schema } from '../table.ts'
import { CountMemory } from './count-memory.ts'
import { dialect } from './dialect.ts'
import { openSqlite, openSqliteReader } from './open.ts'

const schema: Schema = {
  room: 'test',
  tables: [{ name: 'things', columns: { id: { type: 'id' }, kind: { type: 'text' } } }],
}

const ofKind = (kind: string) =>
  ({ from: 'things', select: [], where: { column: 'kind', is: 'eq', value: kind } }) as const

describe('totals', () => {
  test('are right again as soon as a write is acknowledged, in every reader', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-counts-'))
    await using store = openSqlite(join(folder, 'a.sqlite'))
    await store.migrate([schema])
    using other = openSqliteReader(join(folder, 'a.sqlite'), [schema])
    for (let total = 1; total <= 20; total += 1) {
      await store.write.run({ insert: 'things', values: { kind: 'a' } })
      assert.equal(await store.read.count(ofKind('a')), total)
      assert.equal(await other.read.count(ofKind('a')), total)
      assert.equal(await store.read.count(ofKind('b')), 0)
    }
    await store.write.run({ delete: 'things', where: { column: 'kind', is: 'eq', value: 'a' } })
    assert.equal(await store.read.count(ofKind('a')), 0)
    rmSync(folder, { recursive: true, force: true })
  })

  test('are counted once while nothing is written, apart for each value', () => {
    let version = 1
    let asked = 0
    const memory = new CountMemory(() => version)
    const [one, other] = ['kind', 'id'].map((column) =>
      compile({ ...ofKind('a'), where: { column, is: 'eq', value: 'a' } }, dialect, new Map()),
    )
    const total = (kind: string, of = one): number => memory.total(must(of, 'two'), [kind], () => ++asked)
    assert.deepEqual([total('a'), total('a'), total('b'), total('a'), total('a', other)], [1, 1, 2, 1, 3])
    version = 2
    assert.equal(total('a'), 4)
    const long = 'a'.repeat(1_000)
    assert.deepEqual([total(long), total(long)], [5, 6], 'what takes much room is not remembered')
  })
})
