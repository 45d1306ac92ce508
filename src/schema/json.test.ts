import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PosternError } from '../errors/postern-error.ts'
import { parseJson } from './json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('JSON from outside', () => {
  for (const text of [
    '{}',
    '[]',
    '"a"',
    'null',
    '-0.5e3',
    '{"a":{"b":[1,{"a":2}]}}',
    '{"a\\"b":1}',
    '["a",{"a":"a:"},"a"]',
    ' {"a" : 1}\n',
    '{"\\u0061":1}',
  ]) {
    it(`takes ${text}`, () => assert.deepEqual(parseJson(bytes(text)), JSON.parse(text)))
  }
  const refused: readonly [string, string, RegExp][] = [
    ['nothing', '', /not JSON/],
    ['a missing brace', '{"a":1', /not JSON/],
    ['a trailing comma', '{"a":1,}', /not JSON/],
    ['NaN', 'NaN', /not JSON/],
    ['single quotes', "{'a':1}", /not JSON/],
    ['a byte order mark', '\ufeff{}', /not JSON/],
    ['a repeated name', '{"a":1,"b":{"a":1},"a":2}', /"a" is given more than once/],
    ['a repeated name, spelled otherwise', '{"a":1,"\\u0061":2}', /"a" is given more than once/],
    ['__proto__', '{"__proto__":{"x":1}}', /"__proto__" is not allowed/],
    ['__proto__, spelled otherwise', '{"a":[{"\\u005f_proto__":1}]}', /"__proto__" is not allowed/],
    ['constructor', '{"constructor":1}', /not allowed/],
    ['a hundred thousand levels', '['.repeat(100_000), /deeper than 100/],
    ['an unclosed string', '{"a', /not JSON/],
  ]
  for (const [name, text, complaint] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => parseJson(bytes(text)),
        (thrown) => thrown instanceof PosternError && thrown.code === 'BAD_BODY' && complaint.test(thrown.message),
      )
    })
  }
  it('refuses what is not UTF-8', () => {
    for (const wrong of [[0xff], [0x22, 0xc3, 0x28, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22]]) {
      assert.throws(() => parseJson(new Uint8Array(wrong)), /not UTF-8/)
    }
  })
})
