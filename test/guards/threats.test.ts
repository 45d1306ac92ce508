import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'reference', 'threats.md'), 'utf8')
const rows = [...page.matchAll(/^\| (V\d{2,3}) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, id = '', hole = '', where = '']) => ({
    id,
    hole,
    where,
  }),
)

describe('the table of threats', () => {
  it('has every row once, in order', () => {
    assert.deepEqual(
      rows.map(({ id }) => id),
      Array.from({ length: 111 }, (_, index) => `V${String(index + 1).padStart(2, '0')}`),
    )
  })

  it('names for each a test whose title holds the id, or says why there is none', () => {
    const wrong = rows.filter(({ id, where }) => !isTested(id, where) && !isExcused(where))
    assert.deepEqual(wrong, [])
    assert.ok(rows.filter(({ id, where }) => isTested(id, where)).length > 80)
  })

  it('would notice a test that is gone', () => {
    assert.equal(isTested('V01', '[x](../../test/twin/gone.test.ts)'), false)
    assert.equal(isTested('V999', '[x](../../test/twin/twin.test.ts)'), false)
  })
})

function isTested(id: string, where: string): boolean {
  const file = /\]\(\.\.\/\.\.\/([^)]+)\)/.exec(where)?.[1]
  if (file === undefined || !existsSync(join(root, file))) return false
  const titles = readFileSync(join(root, file), 'utf8').match(/(?:describe|it|test|scenario)\(\s*['"`][^\n]*/g) ?? []
  return titles.some((title) => new RegExp(`\\b${id}\\b`).test(title))
}

function isExcused(where: string): boolean {
  return /^(?:Does not apply|Not yet|Enforced by lint): \S/.test(where)
}
