import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judge, readCards } from './rooms.ts'
import { importsOf, isTest, readTree, type SourceTree } from './source-tree.ts'

const tree = readTree('src/**/*.ts', 'src/**/README.md')

describe('rooms: the sources', () => {
  test('no import crosses where the cards do not allow it', () => {
    const { crossings, faults } = judge(tree)
    assert.ok(crossings > 0, 'the guard saw no crossing at all, so it checked nothing')
    assert.deepEqual(faults, [])
  })

  test('every room has a card of at most 12 lines that says what may be imported', () => {
    const cards = readCards(tree)
    const carded = new Set(cards.map((card) => card.room))
    const rooms = new Set(
      [...tree.keys()].filter((path) => path.split('/').length > 2).map((path) => path.split('/')[1] ?? ''),
    )
    assert.ok(rooms.size > 0, 'the guard saw no room')
    assert.deepEqual(
      [...rooms].filter((room) => !carded.has(room)),
      [],
      'rooms without a card',
    )
    assert.deepEqual(
      cards.filter((card) => card.lines > 12).map((card) => card.room),
      [],
      'cards over 12 lines',
    )
    assert.deepEqual(
      cards.filter((card) => card.mayImport === undefined).map((card) => card.room),
      [],
      'cards without "May import:"',
    )
  })

  test('cards name rooms and files that exist', () => {
    const wrong = readCards(tree).flatMap(({ room, mayImport }) =>
      (mayImport ?? [])
        .filter((permission) => !exists(permission.room, permission.only))
        .map((permission) => `${room}: ${permission.room} ${permission.only?.join(', ') ?? ''}`),
    )
    assert.deepEqual(wrong, [])
  })

  // A driver behind its dialect can be exchanged; one that leaks cannot. Rooms that run in a browser or know no machine stay that way.
  test('drivers and Node itself stay behind their doors', () => {
    const imports = importsOf(tree).filter(({ from }) => !isTest(from))
    assert.ok(imports.length > 0, 'the guard saw no import')
    const leaks = imports.filter(({ from, specifier, typeOnly }) => {
      if (specifier === 'pg') return !typeOnly && !from.startsWith('src/store/postgres/')
      if (specifier === 'node:sqlite') return !typeOnly && !from.startsWith('src/store/sqlite/')
      return specifier.startsWith('node:') && /^src\/(client|pipeline|rules|errors)\//.test(from)
    })
    assert.deepEqual(
      leaks.map(({ from, specifier }) => `${from} imports ${specifier}`),
      [],
    )
  })
})

describe('rooms: the guard itself', () => {
  const planted = (card: string, line: string): SourceTree =>
    new Map([
      ['src/rules/README.md', `# rules\nMay import: ${card}\n`],
      ['src/rules/check.ts', `${line}\n`],
      ['src/store/README.md', '# store\nMay import: nothing\n'],
      ['src/store/sqlite/open.ts', ''],
      ['src/store/query.ts', ''],
    ])
  const value = "import { query } from '../store/query.ts'"
  const type = "import type { Query } from '../store/query.ts'"

  const rows: [what: string, card: string, line: string, faults: number][] = [
    ['a crossing that the card does not allow', 'nothing', value, 1],
    ['a crossing of types that the card does not allow', 'errors', type, 1],
    ['a crossing over several lines', 'errors', "import {\n  query,\n} from '../store/query.ts'", 1],
    ['a crossing by re-export', 'errors', "export { query } from '../store/query.ts'", 1],
    ['a crossing for its side effect', 'errors', "import '../store/query.ts'", 1],
    ['a crossing by import()', 'errors', "const load = () => import('../store/query.ts')", 1],
    ['a value where the card allows types', 'errors, store (types)', value, 1],
    ['a type where the card allows types', 'errors, store (types)', type, 0],
    ['another file than the card allows', 'store (migrations)', value, 1],
    ['the file that the card allows', 'store (query)', value, 0],
    ['the folder that the card allows', '`store` (sqlite).', "import { open } from '../store/sqlite/open.ts'", 0],
    ['the whole room', '`errors`, `store`', value, 0],
    ['an import that leaves src', 'store', "import { root } from '../../test/guards/source-tree.ts'", 1],
    ['an import in a comment', 'nothing', `// ${value}\n/**\n * ${value}\n */`, 0],
  ]
  for (const [what, card, line, faults] of rows) {
    test(`${faults === 0 ? 'passes' : 'fails on'} ${what}`, () => {
      assert.equal(judge(planted(card, line)).faults.length, faults)
    })
  }

  test('a part with a card of its own is a room of its own', () => {
    const parts = new Map([
      ...planted('nothing', ''),
      ['src/store/sqlite/README.md', '# sqlite\nMay import: errors\n'] as const,
      ['src/store/sqlite/open.ts', "import { query } from '../query.ts'\n"] as const,
    ])
    assert.deepEqual(judge(parts).faults, [
      'src/store/sqlite/open.ts imports ../query.ts: the card src/store/sqlite/README.md does not allow it',
    ])
  })
})

function exists(room: string, only: string[] | undefined): boolean {
  const paths = [...tree.keys()]
  const isThere = (path: string) =>
    paths.some((found) => found === path || found === `${path}.ts` || found.startsWith(`${path}/`))
  return isThere(`src/${room}`) && (only ?? []).every((name) => isThere(`src/${room}/${name}`))
}
