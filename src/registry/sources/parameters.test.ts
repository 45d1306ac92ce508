import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { must } from '../../errors/must.ts'
import { parametersOf } from './parameters.ts'

describe('the parameters of a function', () => {
  const methods: Record<string, (this: void, ...args: never[]) => unknown> = {
    none() {},
    two(_first: unknown, _second: unknown) {},
    async withDefault(_id: unknown, _value: unknown = ['a', { b: ',' }].join(', ')) {},
    rest(_id: unknown, ..._others: unknown[]) {},
    onlyRest(..._all: unknown[]) {},
    destructured({ a: _a, b: _b }: { a: unknown; b: unknown }, [_c]: unknown[] = []) {},
    *['computed)'](_x: unknown) {},
    commented(_a: unknown /* , _b */, _c: unknown) {},
  }
  const rows: readonly [
    name: string,
    fn: ((...args: never[]) => unknown) | undefined,
    names: readonly string[],
    rest: boolean,
  ][] = [
    ['none', methods.none, [], false],
    ['two', methods.two, ['_first', '_second'], false],
    ['a default counts', methods.withDefault, ['_id', '_value'], false],
    ['rest', methods.rest, ['_id'], true],
    ['only rest', methods.onlyRest, [], true],
    ['destructured', methods.destructured, ['arg1', 'arg2'], false],
    ['computed name', methods['computed)'], ['_x'], false],
    ['comments', methods.commented, ['_a', '_c'], false],
    ['arrow', (_call: unknown, _code: unknown) => {}, ['_call', '_code'], false],
    ['native', Math.max.bind(null) as () => unknown, ['arg1', 'arg2'], false],
  ]
  for (const [name, fn, names, rest] of rows)
    test(name, () => assert.deepEqual(parametersOf(must(fn, 'the row has its function')), { names, rest }))
})
