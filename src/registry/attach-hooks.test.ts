import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hooksFor, matchesPattern } from './attach-hooks.ts'
import type { HookDefinition } from './site-folder.ts'

describe('which hooks go around an endpoint', () => {
  const rows: readonly [pattern: string, id: string, matches: boolean][] = [
    ['objects.create', 'objects.create', true],
    ['objects.create', 'objects.created', false],
    ['objects.*', 'objects.create', true],
    ['objects.*', 'objectsXcreate', false],
    ['*', 'files:GET /api/a', true],
    ['files:*', 'files:GET /api/a', true],
    ['files:*', 'my files:GET /api/a', false],
    ['*.create', 'objects.create', true],
    ['files:*/[a-z]+', 'files:/api/x', false],
    ['', '', true],
    ['', 'a', false],
  ]
  for (const [pattern, id, matches] of rows)
    test(`${pattern} on ${id}: ${matches}`, () => assert.equal(matchesPattern(pattern, id), matches))

  test('lower order first, then by id; one for each id', () => {
    const hook = (id: string, order: number, file = id): HookDefinition => ({
      id,
      on: '*',
      order,
      origin: { file },
      before: () => undefined,
    })
    const found = hooksFor('any', [
      hook('b', 0),
      hook('a', 0, 'first'),
      hook('z', -1),
      hook('a', 0, 'second'),
      hook('late', 9),
    ])
    assert.deepEqual(
      found.map((one) => [one.id, one.origin.file]),
      [
        ['z', 'z'],
        ['a', 'second'],
        ['b', 'b'],
        ['late', 'late'],
      ],
    )
  })
})
