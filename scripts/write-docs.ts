/** `npm run docs`: writes the reference pages that are derived from code. A guard compares them, so they cannot rot. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { commandHelp } from '../src/cli/help.ts'
import { commands } from '../src/cli/commands.ts'
import { settingsTable } from '../src/config/describe-settings.ts'
import { errorTable } from '../src/errors/table.ts'

interface ErrorRow {
  status: number
  title: string
  hint: string
}

/** Path from the project's root to what the page must say. */
export function referencePages(): Map<string, string> {
  return new Map([
    ['docs/reference/commands.md', commandPage()],
    ['docs/reference/errors.md', errorPage(errorTable)],
    ['docs/reference/settings.md', settingsPage()],
  ])
}

const helps = await Promise.all(
  commands.map(async (entry) => ({
    name: entry.name,
    help: stripVTControlCharacters(commandHelp(entry, await entry.load())),
  })),
)

/** What `--help` says, one section per command. */
function commandPage(): string {
  return [
    '# Commands',
    'Written by `npm run docs` from the commands themselves; this is what `postern <command> --help` says.',
    'Results go to standard output, everything else to standard error. The exit code is 0 when all is well, 1 when something was refused or went wrong, and 2 when the line makes no sense.',
    ...helps.map(({ name, help }) => `## ${name}\n\n\`\`\`text\n${help}\n\`\`\``),
  ]
    .join('\n\n')
    .concat('\n')
}

function settingsPage(): string {
  return [
    '# Settings',
    'Written by `npm run docs` from `src/config/settings.ts`; change the declarations, not this page.',
    'A flag beats the environment, the environment beats `postern.config.ts`. Lists are separated by commas in the environment. What is not a setting is refused, with the name that was probably meant.',
    settingsTable(),
  ]
    .join('\n\n')
    .concat('\n')
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
