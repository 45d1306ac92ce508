/** `npm run docs`: writes the reference pages that are derived from code. A guard compares them, so they cannot rot. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorTable } from '../src/errors/table.ts'

interface ErrorRow {
  status: number
  title: string
  hint: string
}

/** Path from the project's root to what the page must say. */
export function referencePages(): Map<string, string> {
  return new Map([['docs/reference/errors.md', errorPage(errorTable)]])
}

/** One section per code, so that `type` in an error answer can point at its anchor; ordered by status, then by code. */
export function errorPage(table: Readonly<Record<string, ErrorRow>>): string {
  const rows = Object.entries(table).toSorted(
    ([a, { status: left }], [b, { status: right }]) => left - right || a.localeCompare(b),
  )
  const overview = rows.map(
    ([code, { status, title }]) => `| [\`${code}\`](#${code.toLowerCase()}) | ${status} | ${title} |`,
  )
  const sections = rows.map(([code, { status, title, hint }]) => `### ${code}\n\n**${status}** ${title}. ${hint}`)
  return [
    '# Errors',
    'Written by `npm run docs` from `src/errors/table.ts`; change the table, not this page.',
    'Codes are permanent: a code keeps its meaning, and a code that is retired is never used again. Decide on the code, show the title.',
    ['| code | status | title |', '|---|---|---|', ...overview].join('\n'),
    ...sections,
  ]
    .join('\n\n')
    .concat('\n')
}

if (import.meta.main) {
  for (const [path, text] of referencePages()) {
    const file = join(import.meta.dirname, '..', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    console.log(`wrote ${path}`)
  }
}
