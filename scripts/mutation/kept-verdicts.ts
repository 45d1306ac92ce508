import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, posix } from 'node:path'
import { z } from 'zod'
import type { Mutant } from './find-mutants.ts'
import { root } from './run-test.ts'

const verdict = z.object({ mutant: z.string(), test: z.string(), passed: z.boolean() })

/**
 * What each test said of each fault, kept on disk under the hashes of the two files (and of the test's fixtures): as long as
 * neither changes, the test is not run again for that fault. A change elsewhere is not seen; `fresh` forgets everything.
 */
export class KeptVerdicts {
  readonly #file = join(keptFolder(), 'verdicts.jsonl')
  readonly #said = new Map<string, boolean>()

  constructor({ fresh }: { readonly fresh: boolean }) {
    mkdirSync(keptFolder(), { recursive: true })
    if (fresh) rmSync(this.#file, { force: true })
    const lines = existsSync(this.#file) ? readFileSync(this.#file, 'utf8').split('\n') : []
    for (const line of lines.filter(Boolean)) {
      const { mutant, test, passed } = verdict.parse(JSON.parse(line))
      this.#said.set(mutant + test, passed)
    }
  }

  /** Whether the test passed in spite of the fault; undefined where it was not run as both stand now. */
  passed(mutant: Mutant, test: string): boolean | undefined {
    return this.#said.get(hashOfMutant(mutant) + hashOfTest(test))
  }

  keep(mutant: Mutant, test: string, passed: boolean): void {
    const line = { mutant: hashOfMutant(mutant), test: hashOfTest(test), passed }
    this.#said.set(line.mutant + line.test, passed)
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`)
  }
}

export function keptFolder(): string {
  return process.env['MUTATION_KEPT'] ?? join(root, 'node_modules', '.cache', 'postern-mutation')
}

const hashes = new Map<string, string>()

/** The hash of what these files hold, by their paths from the root. Read once: a run judges the tree it began with. */
export function hashOfFiles(...patterns: readonly string[]): string {
  const name = patterns.join(' ')
  const known = hashes.get(name)
  if (known !== undefined) return known
  const hash = createHash('sha256')
  for (const file of globSync(patterns, { cwd: root }).toSorted()) hash.update(readFileSync(join(root, file)))
  const fresh = hash.digest('base64url').slice(0, 16)
  hashes.set(name, fresh)
  return fresh
}

export function hashOfTest(test: string): string {
  const known = testHashes.get(test)
  if (known !== undefined) return known
  const fresh = `${test} ${hashOfFiles(...withFixtures(test))}`
  testHashes.set(test, fresh)
  return fresh
}

const testHashes = new Map<string, string>()

/** The test, and what it imports from `test/`, however far. */
function withFixtures(file: string, found: string[] = []): readonly string[] {
  if (found.includes(file) || !existsSync(join(root, file))) return found
  found.push(file)
  for (const [, path = ''] of readFileSync(join(root, file), 'utf8').matchAll(/ from '(\.[^']+)'/g)) {
    const imported = posix.join(posix.dirname(file), path)
    if (imported.startsWith('test/')) withFixtures(imported, found)
  }
  return found
}

function hashOfMutant({ file, start, end, replacement }: Mutant): string {
  return `${file} ${hashOfFiles(file)} ${start}-${end} ${replacement} `
}
