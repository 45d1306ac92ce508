import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { PosternError } from '../errors/postern-error.ts'
import { parseInput } from './parse-input.ts'

const schema = z.strictObject({
  name: z.string().min(1).max(10),
  word: z.string().min(8),
  mark: z.string().regex(/^[a-z]*$/, 'Small letters'),
  kind: z.enum(['a', 'b']).optional(),
})
const good = { name: 'ann', word: '12345678', mark: 'x' }

describe('input about people', () => {
  const table: readonly [string, unknown, string, readonly string[]][] = [
    ['a name that is unknown', { ...good, role: 'admin' }, 'UNKNOWN_FIELD', ['body.role']],
    [
      'two unknown names, and a wrong value',
      { ...good, a: 1, b: 2, mark: 'X' },
      'UNKNOWN_FIELD',
      ['body.a', 'body.b', 'body.mark'],
    ],
    ['what is missing', { ...good, name: undefined }, 'BAD_BODY', ['body.name']],
    ['another type', { ...good, name: { $ne: null } }, 'BAD_BODY', ['body.name']],
    ['nothing at all', { ...good, name: '' }, 'BAD_BODY', ['body.name']],
    ['an over-long value', { ...good, name: 'x'.repeat(11) }, 'BAD_BODY', ['body.name']],
    ['none of the values there are', { ...good, kind: 'c' }, 'BAD_BODY', ['body.kind']],
    ['no object', 'ann', 'BAD_BODY', ['body']],
    ['a value that is too short for its purpose', { ...good, word: 'short' }, 'INVALID', ['body.word']],
    ['a value that breaks a rule', { ...good, mark: 'X' }, 'INVALID', ['body.mark']],
    ['one of each: malformed comes first', { ...good, mark: 'X', name: 1 }, 'BAD_BODY', ['body.mark', 'body.name']],
  ]
  for (const [name, input, code, paths] of table) {
    it(`${name}: ${code}`, () => {
      const told = refusalOf(() => parseInput(schema, input))
      assert.equal(told.code, code)
      assert.deepEqual(told.errors.map((error) => error.path).toSorted(), paths)
      for (const path of paths) assert.ok(told.message.includes(path), told.message)
      assert.doesNotMatch(JSON.stringify([told.message, told.errors]), /short"|xxxxx|\$ne|"X"/)
    })
  }

  it('that fits is given on, and only then', () => assert.deepEqual(parseInput(schema, good), good))

  it('is named by whoever asks', () =>
    assert.deepEqual(
      refusalOf(() => parseInput(z.string(), 1, 'user.name')).errors.map((error) => error.path),
      ['user.name'],
    ))
})

function refusalOf(work: () => unknown): PosternError {
  try {
    work()
  } catch (thrown) {
    assert.ok(thrown instanceof PosternError)
    return thrown
  }
  return assert.fail('was accepted')
}
