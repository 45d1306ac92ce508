import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { importsOf, readTree, type SourceTree } from './source-tree.ts'

describe('cycles', () => {
  test('no file of the project imports itself by way of others, types included', () => {
    const tree = readTree('src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts')
    const { edges, cycles } = findCycles(tree)
    assert.ok(tree.size > 0 && edges > 0, 'the guard saw no files, or none that import another')
    assert.deepEqual(cycles, [])
  })

  test('a planted cycle is found and told from its beginning to its end', () => {
    const { cycles } = findCycles(
      new Map([
        ['src/a.ts', "import { b } from './rooms/b.ts'\nimport { d } from './d.ts'\n"],
        ['src/rooms/b.ts', "import type { C } from '../c.ts'\n"],
        ['src/c.ts', "export * from './a.ts'\n"],
        ['src/d.ts', ''],
      ]),
    )
    assert.deepEqual(cycles, ['src/a.ts → src/rooms/b.ts → src/c.ts → src/a.ts'])
  })

  test('two ways to one file are no cycle', () => {
    const { edges, cycles } = findCycles(
      new Map([
        ['a.ts', "import './b.ts'\nimport './c.ts'\n"],
        ['b.ts', "import './c.ts'\n"],
        ['c.ts', ''],
      ]),
    )
    assert.deepEqual({ edges, cycles }, { edges: 3, cycles: [] })
  })
})

/** Depth first; a file met again while it is still on the road closes a cycle. Each file is left for good once. */
function findCycles(tree: SourceTree): { edges: number; cycles: string[] } {
  const edges = importsOf(tree).flatMap(({ from, target }) =>
    target !== undefined && tree.has(target) ? [{ from, target }] : [],
  )
  const targets = Map.groupBy(edges, ({ from }) => from)
  const cycles: string[] = []
  const road: string[] = []
  const left = new Set<string>()

  const visit = (path: string): void => {
    if (left.has(path)) return
    const met = road.indexOf(path)
    if (met >= 0) {
      cycles.push([...road.slice(met), path].join(' → '))
      return
    }
    road.push(path)
    for (const { target } of targets.get(path) ?? []) visit(target)
    road.pop()
    left.add(path)
  }

  for (const path of tree.keys()) visit(path)
  return { edges: edges.length, cycles }
}
