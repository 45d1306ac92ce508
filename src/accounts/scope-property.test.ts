import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createRoles } from './roles.ts'
import { compileScopes, scopeText } from './scope.ts'

const word = fc.constantFrom('api', 'custom', 'customers', 'a', 'b', 'A', '1', 'a.b')
const odd = fc.constantFrom('', '.', '..', '*', '**', ':id', '%2f', 'custom%00')
const verb = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE')
const path = fc
  .array(fc.oneof({ weight: 6, arbitrary: word }, { weight: 1, arbitrary: odd }), { maxLength: 5 })
  .map((parts) => `/${parts.join('/')}`)
const pattern = fc
  .tuple(fc.array(fc.oneof(word, fc.constant('*')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([parts, open]) => `/${[...parts, ...(open ? ['**'] : [])].join('/')}`)
const scope = fc.oneof(
  fc.constant('read'),
  pattern,
  fc.tuple(fc.uniqueArray(verb, { minLength: 1 }), pattern).map(([verbs, text]) => `${verbs.join(',')} ${text}`),
)

describe('any scope', () => {
  it('covers what its plainest reading covers, and nothing else', () => {
    fc.assert(
      fc.property(scope, verb, path, (text, method, asked) => {
        assert.equal(compileScopes([text])(method, asked), reading(text, method, asked))
      }),
      { numRuns: 5_000 },
    )
  })

  it('of several covers what one of them covers', () => {
    fc.assert(
      fc.property(fc.array(scope, { maxLength: 4 }), verb, path, (texts, method, asked) => {
        assert.equal(
          compileScopes(texts)(method, asked),
          texts.some((text) => compileScopes([text])(method, asked)),
        )
      }),
    )
  })

  it('means the same in its one spelling, and any text is a scope or refused', () => {
    fc.assert(
      fc.property(scope, verb, path, (text, method, asked) => {
        assert.equal(compileScopes([scopeText(text)])(method, asked), compileScopes([text])(method, asked))
        assert.equal(scopeText(scopeText(text)), scopeText(text))
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        try {
          assert.equal(typeof scopeText(text), 'string')
        } catch (thrown) {
          assert.equal((thrown as { code?: string }).code, 'INVALID')
        }
      }),
    )
  })
})

describe('any roles', () => {
  it('unfold to themselves and no further', () => {
    const inherits = fc.array(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), { minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(inherits, fc.array(fc.nat({ max: 9 }), { maxLength: 4 }), (tree, given) => {
        const roles = createRoles(
          Object.fromEntries(
            tree.map((below, index) => [`r${index}`, below.filter((one) => one < index).map((one) => `r${one}`)]),
          ),
        )
        const names = given.map((one) => `r${one}`)
        const unfolded = roles.unfold(names)
        assert.deepEqual(roles.unfold(unfolded), unfolded)
        assert.ok(names.every((name) => unfolded.includes(name)))
        assert.deepEqual(unfolded, [...new Set(names.flatMap((name) => roles.unfold([name])))].toSorted())
      }),
    )
  })
})

/** A scope as a regular expression: slower, and written by another thought. */
function reading(text: string, method: string, asked: string): boolean {
  if (text === 'read') return method === 'GET'
  const [verbs, shape = ''] = text.includes(' ') ? text.split(' ') : [undefined, text]
  if (verbs !== undefined && !verbs.split(',').includes(method)) return false
  const plain = '(?!\\.{1,2}(?:/|$))[^/]+'
  const parts = shape
    .slice(1)
    .split('/')
    .map((part) => {
      if (part === '*') return plain
      return part === '**' ? `${plain}(?:/${plain})*` : part.replaceAll('.', '\\.')
    })
  return new RegExp(`^/${parts.join('/')}$`).test(asked)
}
