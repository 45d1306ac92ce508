import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { equivalents } from './equivalents.ts'
import type { Mutant } from './find-mutants.ts'
import { root } from './run-test.ts'

const seen = new Set<string>()

/** Whether nobody can tell the fault from what it replaces: see `equivalents.ts`. */
export function isEquivalent(mutant: Mutant): boolean {
  const { from, to } = changeOf(mutant)
  const isJudged = (equivalents[mutant.file] ?? []).some(({ faults }) =>
    faults.some(([before, after]) => before === from && after === to),
  )
  if (isJudged) seen.add(`${mutant.file}  ${to}`)
  return isJudged
}

/** Of the files that were looked through, what the list holds without need. */
export function staleEquivalents(): readonly string[] {
  return Object.entries(equivalents)
    .filter(([file]) => texts.has(file))
    .flatMap(([file, judged]) => judged.flatMap(({ faults }) => faults.map(([, to]) => `${file}  ${to}`)))
    .filter((one) => !seen.has(one))
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
