import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './find-mutants.ts'
import { root } from './run-test.ts'

/** A fault that is none: nobody can tell the two apart, for the reason given. Blanks count as one. */
interface Equivalent {
  readonly file: string
  /** The line (or lines) as they are, and as the fault makes them. */
  readonly from: string
  readonly to: string
  readonly why: string
}

export const equivalents: readonly Equivalent[] = []

const seen = new Set<Equivalent>()

export function isEquivalent(mutant: Mutant): boolean {
  const { from, to } = changeOf(mutant)
  const found = equivalents.find((one) => one.file === mutant.file && one.from === from && one.to === to)
  if (found) seen.add(found)
  return found !== undefined
}

/** Of the files that were looked through, what the list holds without need. */
export function staleEquivalents(): readonly Equivalent[] {
  return equivalents.filter((one) => !seen.has(one) && texts.has(one.file))
}

const texts = new Map<string, string>()

/** The lines that a fault changes, before and after. */
export function changeOf({ file, start, end, replacement }: Mutant): { line: number; from: string; to: string } {
  const code = texts.get(file) ?? readFileSync(join(root, file), 'utf8')
  texts.set(file, code)
  const first = code.lastIndexOf('\n', start - 1) + 1
  const last = code.indexOf('\n', end)
  return {
    line: code.slice(0, start).split('\n').length,
    from: flat(code.slice(first, last)),
    to: flat(code.slice(first, start) + replacement + code.slice(end, last)),
  }
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
