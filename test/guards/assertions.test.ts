import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseAst } from 'rolldown/parseAst'
import { isTest, readTree, type SourceTree } from './source-tree.ts'

/** What an assertion says nobody checks. Fewer than three in a thousand lines, in every room of some size. */
const perThousand = 3
const size = 2_000
/** In a smaller room. */
const few = 9

describe('type assertions', () => {
  test('are few in every room', () => {
    const rooms = countIn(readTree('src/**/*.ts'))
    assert.ok(rooms.size > 15 && [...rooms.values()].some(({ assertions }) => assertions > 0), 'the guard saw some')
    const over = [...rooms].filter(([, { lines, assertions }]) => assertions > allowed(lines))
    assert.deepEqual(over, [], 'Say it by a better type, or check it.')
  })

  test('the guard would see one, and lets pass what asserts nothing', () => {
    const text = `export const a = JSON.parse('1') as unknown
export const b = ['x'] as const
export const c = a as number`
    assert.equal(countIn(new Map([['src/room/planted.ts', text]])).get('room')?.assertions, 1)
  })
})

function allowed(lines: number): number {
  return lines < size ? few : Math.ceil((lines * perThousand) / 1_000) - 1
}

interface Count {
  readonly lines: number
  readonly assertions: number
}

function countIn(tree: SourceTree): Map<string, Count> {
  const rooms = new Map<string, Count>()
  for (const [path, text] of tree) {
    if (isTest(path)) continue
    const room = path.split('/')[1] ?? ''
    const { lines, assertions } = rooms.get(room) ?? { lines: 0, assertions: 0 }
    const found = assertionsIn(parseAst(text, { lang: 'ts' }, path))
    rooms.set(room, { lines: lines + text.split('\n').length - 1, assertions: assertions + found })
  }
  return rooms
}

/** `as const` narrows, and `as unknown` takes away: neither says anything that is not so. */
function assertionsIn(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0
  const below = Object.values(node).reduce((sum: number, child) => sum + assertionsIn(child), 0)
  return 'type' in node && node.type === 'TSAsExpression' && !isHarmless(node) ? below + 1 : below
}

function isHarmless(node: object): boolean {
  const said = 'typeAnnotation' in node ? JSON.stringify(node.typeAnnotation) : ''
  return said.includes('"type":"TSUnknownKeyword"') && !said.includes('TSTypeReference')
    ? !said.includes('TSArrayType')
    : /"name":"const"/.test(said)
}
