import { readFileSync } from 'node:fs'
import type { Place } from '../errors/postern-error.ts'

const around = 2
const widest = 160

/** The lines around a place with their numbers, and a marker below it; `undefined` where the place names no line of the text. */
export function codeFrame(text: string, at: Place): string | undefined {
  const lines = text.split(/\r?\n/)
  const { line, column } = at
  if (line === undefined || line < 1 || line > lines.length) return undefined
  const from = Math.max(1, line - around)
  const to = Math.min(lines.length, line + around)
  const width = String(to).length
  const framed: string[] = []
  for (let number = from; number <= to; number++) {
    const mark = number === line ? '>' : ' '
    framed.push(`${mark} ${String(number).padStart(width)} | ${(lines[number - 1] ?? '').slice(0, widest)}`.trimEnd())
    if (number === line && column !== undefined && column <= widest)
      framed.push(`  ${' '.repeat(width)} | ${' '.repeat(column - 1)}^`)
  }
  return framed.join('\n')
}

/** The frame from the file itself; `undefined` where it cannot be read any more. */
export function frameOfFile(file: string, at: Place): string | undefined {
  try {
    return codeFrame(readFileSync(file, 'utf8'), at)
  } catch {
    return undefined
  }
}
