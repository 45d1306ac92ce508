/** The law of the rooms: a file may import its own room, and other rooms as far as the card of its room says. */
import { posix } from 'node:path'
import { importsOf, isTest, type Import, type SourceTree } from './source-tree.ts'

export interface Card {
  /** 'store', or 'store/sqlite' for a part that has a card of its own. */
  room: string
  lines: number
  /** Undefined: the card lacks the line that says what may be imported. */
  mayImport: Permission[] | undefined
}

export interface Permission {
  room: string
  typesOnly: boolean
  /** Names of files or folders in that room; undefined: the whole room. */
  only: string[] | undefined
}

export interface Verdict {
  /** Imports that went from one room to another, lawful or not. */
  crossings: number
  faults: string[]
}

/** The places where everything is put together, and the front door: they may see every room. */
const roots = new Set(['src/app.ts', 'src/index.ts', 'src/thread/entry.ts'])

export function readCards(tree: SourceTree): Card[] {
  return [...tree]
    .filter(
      ([path, text]) => /^src\/.+\/README\.md$/.test(path) && (isTopRoom(path) || permissionLine(text) !== undefined),
    )
    .map(([path, text]) => ({
      room: posix.dirname(path).slice('src/'.length),
      lines: text.trimEnd().split('\n').length,
      mayImport: parsePermissions(permissionLine(text)),
    }))
}

/** Judges every import under src against the cards. */
export function judge(tree: SourceTree): Verdict {
  const cards = new Map(readCards(tree).map((card) => [card.room, card]))
  const crossings = importsOf(tree).filter((found) => isCrossing(found, cards))
  const faults = crossings.filter((found) => !isLawful(found, cards)).map((found) => describeFault(found, cards))
  return { crossings: crossings.length, faults }
}

/** The innermost folder with a card, else the folder under src; a file directly in src is a room by its own name. */
export function roomOf(path: string, cards: ReadonlyMap<string, Card>): string {
  if (!path.startsWith('src/')) return '(outside of src)'
  const inside = path.slice('src/'.length)
  for (let room = posix.dirname(inside); room !== '.'; room = posix.dirname(room)) {
    if (cards.has(room)) return room
  }
  return inside.split('/')[0] ?? inside
}

function isTopRoom(path: string): boolean {
  return path.split('/').length === 3
}

function permissionLine(text: string): string | undefined {
  return /^\W*May import\W*:\W*(.*)$/m.exec(text)?.[1]
}

function parsePermissions(line: string | undefined): Permission[] | undefined {
  if (line === undefined) return undefined
  const entries = line.replaceAll(/[`*]/g, '').matchAll(/([\w./-]*\w)(?:\s*\(([^)]*)\))?/g)
  return [...entries]
    .filter(([, name]) => name !== 'nothing')
    .map(([, name = '', note]) => {
      const words: string[] = note?.match(/[\w./-]*\w/g) ?? []
      const only = words.filter((word) => word !== 'types')
      return { room: name, typesOnly: words.includes('types'), only: only.length > 0 ? only : undefined }
    })
}

function isCrossing({ from, target }: Import, cards: ReadonlyMap<string, Card>): boolean {
  if (!from.startsWith('src/') || target === undefined || roots.has(from) || isTest(from)) return false
  const room = roomOf(from, cards)
  const other = roomOf(target, cards)
  return other !== room && !other.startsWith(`${room}/`)
}

function isLawful(found: Import, cards: ReadonlyMap<string, Card>): boolean {
  const { from, target, typeOnly } = found
  if (target === undefined || !target.startsWith('src/')) return false
  const permissions = cards.get(roomOf(from, cards))?.mayImport ?? []
  return permissions.some(({ room, typesOnly, only }) => {
    const inside = pathInside(target, room)
    if (inside === undefined || (typesOnly && !typeOnly)) return false
    return (
      only === undefined ||
      only.some((name) => inside === `${name}.ts` || inside === name || inside.startsWith(`${name}/`))
    )
  })
}

/** 'run.ts' for src/pipeline/run.ts and 'pipeline'; '' for src/app.ts and 'app.ts' or 'app'. */
function pathInside(target: string, room: string): string | undefined {
  if (target === `src/${room}` || target === `src/${room}.ts`) return ''
  return target.startsWith(`src/${room}/`) ? target.slice(`src/${room}/`.length) : undefined
}

function describeFault({ from, specifier, typeOnly }: Import, cards: ReadonlyMap<string, Card>): string {
  const room = roomOf(from, cards)
  const kind = typeOnly ? 'imports types from' : 'imports'
  const reason = cards.has(room) ? `the card src/${room}/README.md does not allow it` : `src/${room} has no card`
  return `${from} ${kind} ${specifier}: ${reason}`
}
