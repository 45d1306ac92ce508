/** What the package promises: the names its entry points export. Run as a program, it writes the list that the guard compares. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTree, root, withoutComments, type SourceTree } from './source-tree.ts'

const doors = {
  postern: 'src/index.ts',
  'postern/testing': 'src/testing/index.ts',
  'postern/client': 'src/client/index.ts',
}

export const surfaceFile = join(root, 'test', 'guards', 'surface.txt')

/** One line per name, sorted: 'postern defineEndpoint', 'postern type Endpoint'. An entry point that is not there yet adds none. */
export function publicSurface(): string {
  const tree = readTree(...Object.values(doors))
  const lines = Object.entries(doors).flatMap(([door, path]) =>
    exportsOf(path, tree).map((name) => `${door} ${name}\n`),
  )
  return lines.toSorted().join('')
}

/** Reads `export { a, type B } from` lists; anything else is logic, or a star that hides what is promised. */
export function exportsOf(path: string, tree: SourceTree): string[] {
  const code = withoutComments(tree.get(path) ?? '')
  const lists = [...code.matchAll(/^export (type )?\{([^}]*)\} from '[^']+'$/gm)]
  const rest = lists.reduce((text, [list]) => text.replace(list, ''), code).trim()
  if (rest !== '') throw new Error(`${path} may only re-export by name, but holds: ${rest.slice(0, 200)}`)
  return lists.flatMap(([, type = '', names = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => type + name.replace(/^.*\sas\s+/, name.startsWith('type ') ? 'type ' : '')),
  )
}

if (import.meta.main) writeFileSync(surfaceFile, publicSurface())
