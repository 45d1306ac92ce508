import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compile } from './compile.ts'
import type { SelectPlan } from './port.ts'
import { dialect as postgres } from './postgres/dialect.ts'
import { dialect as sqlite } from './sqlite/dialect.ts'
import type { Table } from './table.ts'

const things: Table = {
  name: 'things',
  columns: {
    id: { type: 'id' },
    kind: { type: 'text' },
    n: { type: 'integer', nullable: true },
    gone: { type: 'text', nullable: true },
    room: { type: 'text' },
  },
  indexes: [{ columns: ['gone', 'kind'] }, { columns: ['room', 'gone', 'n'] }],
}
const tables = new Map([['things', things]])

const stays = { all: [{ column: 'o.gone', is: 'eq', value: null }] } as const
const ofO = { from: 'things', as: 'o', select: ['o.id'] } as const
const itself = { table: 'things', as: 't', on: { column: 't.id', is: 'eq', other: 'o.id' } } as const
const given = { column: 'n', is: 'eq', value: 1 } as const

/** From `order by` (or `where`) on: what the two databases have to be told differently. */
describe('one plan in the words of two databases', () => {
  const table: readonly [string, SelectPlan, string, string][] = [
    [
      'a limit is hidden from the planner of SQLite, which would prepare anew for each',
      { ...ofO, order: [{ column: 'o.id' }], limit: 3, offset: 2 },
      'order by "o"."id" limit ? + 0 offset ?',
      'order by "o"."id" limit $1 offset $2',
    ],
    [
      'absent values come first',
      { ...ofO, order: [{ column: 'o.n' }] },
      'order by "o"."n"',
      'order by "o"."n" nulls first',
    ],
    [
      'and last in the order turned round',
      { ...ofO, order: [{ column: 'o.n', descending: true }] },
      'order by "o"."n" desc',
      'order by "o"."n" desc nulls last',
    ],
    [
      'a column that may be withheld can be absent',
      { ...ofO, order: [{ column: 'o.kind', given }] },
      'order by case when "n" = ? then "o"."kind" end',
      'order by case when "n" = $1 then "o"."kind" end nulls first',
    ],
    [
      'so can one of a table that need not have a row',
      { ...ofO, joins: [{ ...itself, optional: true }], order: [{ column: 't.kind' }] },
      'order by "t"."kind"',
      'order by "t"."kind" nulls first',
    ],
    [
      'but not one of a table that must',
      { ...ofO, joins: [itself], order: [{ column: 't.kind' }] },
      'order by "t"."kind"',
      'order by "t"."kind"',
    ],
    [
      'what all rows lack opens the index that begins with it',
      { ...ofO, where: stays, order: [{ column: 'o.kind' }] },
      'where ("o"."gone" is null) order by "o"."kind"',
      'where ("o"."gone" is null) order by "o"."gone" nulls first, "o"."kind"',
    ],
    [
      'in either direction',
      { ...ofO, where: stays, order: [{ column: 'o.kind', descending: true }] },
      'where ("o"."gone" is null) order by "o"."kind" desc',
      'where ("o"."gone" is null) order by "o"."gone" desc nulls last, "o"."kind" desc',
    ],
    [
      'not where the order is of a column that may be withheld',
      { ...ofO, where: stays, order: [{ column: 'o.kind', given }] },
      'where ("o"."gone" is null) order by case when "n" = ? then "o"."kind" end',
      'where ("o"."gone" is null) order by case when "n" = $1 then "o"."kind" end nulls first',
    ],
    [
      'also where a value stands before both in the index',
      {
        ...ofO,
        where: { all: [...stays.all, { column: 'o.room', is: 'eq', value: 'a' }] },
        order: [{ column: 'o.n' }],
      },
      'where ("o"."gone" is null and "o"."room" = ?) order by "o"."n"',
      'where ("o"."gone" is null and "o"."room" = $1) order by "o"."gone" nulls first, "o"."n" nulls first',
    ],
    [
      'not where several values may stand there, and all rows would be put in order by both',
      {
        ...ofO,
        where: { all: [...stays.all, { column: 'o.room', in: ['a', 'b'] }] },
        order: [{ column: 'o.n' }],
      },
      'where ("o"."gone" is null and "o"."room" in (?, ?)) order by "o"."n"',
      'where ("o"."gone" is null and "o"."room" in ($1, $2)) order by "o"."n" nulls first',
    ],
    [
      'not where there is no such index',
      { ...ofO, where: stays, order: [{ column: 'o.n' }] },
      'where ("o"."gone" is null) order by "o"."n"',
      'where ("o"."gone" is null) order by "o"."n" nulls first',
    ],
    [
      'not where it is of another table',
      { ...ofO, joins: [itself], where: stays, order: [{ column: 't.kind' }] },
      'where ("o"."gone" is null) order by "t"."kind"',
      'where ("o"."gone" is null) order by "t"."kind"',
    ],
    [
      'not where rows have it',
      { ...ofO, where: { all: [{ column: 'o.gone', is: 'ne', value: null }] }, order: [{ column: 'o.kind' }] },
      'where ("o"."gone" is not null) order by "o"."kind"',
      'where ("o"."gone" is not null) order by "o"."kind"',
    ],
    [
      'not where it has a value',
      { ...ofO, where: { all: [{ column: 'o.gone', is: 'eq', value: 'x' }] }, order: [{ column: 'o.kind' }] },
      'where ("o"."gone" = ?) order by "o"."kind"',
      'where ("o"."gone" = $1) order by "o"."kind"',
    ],
    [
      'not among different rows only',
      { ...ofO, distinct: true, where: stays, order: [{ column: 'o.kind' }] },
      'where ("o"."gone" is null) order by "o"."kind"',
      'where ("o"."gone" is null) order by "o"."kind"',
    ],
    [
      'not in groups',
      { ...ofO, groupBy: ['o.kind'], where: stays, order: [{ column: 'o.kind' }] },
      'where ("o"."gone" is null) group by "o"."kind" order by "o"."kind"',
      'where ("o"."gone" is null) group by "o"."kind" order by "o"."kind"',
    ],
    [
      'a row is locked where several may write at once',
      { ...ofO, where: true, lock: true },
      'where 1 = 1',
      'where 1 = 1 for update of "o"',
    ],
    [
      'a condition that leads to no index is marked where the planner guesses',
      { ...ofO, where: { column: 'o.kind', is: 'eq', value: 'a', unindexed: true } },
      'where +"o"."kind" = ?',
      'where "o"."kind" = $1',
    ],
    [
      'the case of letters does not count in a pattern',
      { ...ofO, where: { column: 'o.kind', like: 'a%' } },
      `where "o"."kind" like ? escape '\\'`,
      `where "o"."kind" ilike $1 escape '\\'`,
    ],
    [
      'nothing is in nothing, and nothing is greater than what is absent',
      {
        ...ofO,
        where: {
          any: [
            { column: 'o.id', in: [] },
            { column: 'o.n', is: 'gt', value: null },
          ],
        },
      },
      'where (1 = 0 or 1 = 0)',
      'where (1 = 0 or 1 = 0)',
    ],
    ['all of nothing holds', { ...ofO, where: { all: [] } }, 'where 1 = 1', 'where 1 = 1'],
    ['any of nothing does not', { ...ofO, where: { any: [] } }, 'where 1 = 0', 'where 1 = 0'],
  ]
  for (const [name, plan, inSqlite, inPostgres] of table)
    it(name, () => {
      for (const [dialect, expected] of [
        [sqlite, inSqlite],
        [postgres, inPostgres],
      ] as const) {
        const { sql } = compile(plan, dialect, tables)
        const start = sql.search(/ (where|order by) (?!.*"t"\."id" = "o"\."id")/) + 1
        assert.equal(sql.slice(start), expected, dialect.name)
      }
    })
})
