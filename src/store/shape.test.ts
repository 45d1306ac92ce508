import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SelectPlan } from './port.ts'
import type { Predicate } from './predicate.ts'
import { constant, shapeOf } from './shape.ts'

test('a constant part is described as all that are equal to it, with its values in their places', () => {
  const part = (): Predicate => ({
    all: [
      { column: 'kind', is: 'eq', value: 'a' },
      { column: 'n', in: [1, 2, 3] },
    ],
  })
  const kept = constant(part() as object) as Predicate
  const around = (middle: Predicate): SelectPlan => ({
    from: 'things',
    select: ['id'],
    where: { any: [{ column: 'id', is: 'eq', value: 7 }, middle, { column: 'id', is: 'gt', value: 9 }] },
  })
  const [plain, known]: [unknown[], unknown[]] = [[], []]
  const key = shapeOf(around(kept), known)
  assert.equal(key, shapeOf(around(constant(part() as object) as Predicate), []))
  assert.ok(key.length < shapeOf(around(part()), plain).length, 'and shorter')
  assert.deepEqual(known, plain)
  assert.deepEqual(known, [7, 'a', 1, 2, 3, 3, 9])
  const other = constant({ all: [{ column: 'kind', is: 'ne', value: 'a' }] } as object) as Predicate
  assert.notEqual(key, shapeOf(around(other), []), 'another part has another shape')
})
