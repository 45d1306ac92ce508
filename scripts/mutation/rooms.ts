import { globSync } from 'node:fs'
import { root } from './run-test.ts'

/** What is mutated, and which tests must notice. The tests of a room are those that come in through its own door. */
export interface MutatedRoom {
  readonly name: string
  readonly files: readonly string[]
  readonly tests: readonly string[]
}

export const mutatedRooms: readonly MutatedRoom[] = [
  {
    name: 'rules',
    files: ['src/rules/*.ts'],
    tests: [
      'src/rules/*.test.ts',
      'src/pipeline/run.test.ts',
      'src/describe/*.test.ts',
      'src/content/rows-by-rule.test.ts',
      'test/scenarios/source-manifest.test.ts',
      'test/scenarios/why-refused.test.ts',
    ],
  },
  {
    name: 'accounts',
    files: ['src/accounts/**/*.ts'],
    tests: ['src/accounts/**/*.test.ts', 'test/scenarios/accounts-*.test.ts'],
  },
  {
    name: 'query',
    files: ['src/content/query/*.ts', 'src/content/lower.ts', 'src/content/visible.ts', 'src/store/compile*.ts'],
    tests: [
      'src/content/**/*.test.ts',
      'src/store/*.test.ts',
      'src/store/sqlite/*.test.ts',
      'test/scenarios/content.test.ts',
      'test/scenarios/threats-content.test.ts',
    ],
  },
]

/** The room's files with code in them, as paths from the project's root. Tables of the database are not decisions. */
export function sourcesOf(room: MutatedRoom): string[] {
  const exclude = ['**/*.test.ts', '**/*.test-d.ts', '**/tables.ts']
  return room.files.flatMap((pattern) => globSync(pattern, { cwd: root, exclude })).toSorted()
}
