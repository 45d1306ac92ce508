import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { PosternError } from '../errors/postern-error.ts'
import type { Command, Given } from './command.ts'
import { newSiteFiles } from './new-site-files.ts'
import { colour, say, sayJson } from './print.ts'
import { UsageError } from './usage-error.ts'
import { checkout, version } from './version.ts'

export const newSite: Command = {
  positionals: [{ name: 'folder', doc: 'where the site shall be; asked for at a terminal', optional: true }],
  options: { json: { type: 'boolean', doc: 'print JSON for machines' } },
  run: async (given) => {
    const root = resolve(await folderOf(given))
    const taken = complaintAbout(root)
    if (taken !== undefined) throw new PosternError('CONFLICT', taken, { hint: 'Name a folder that is new.' })
    const files = newSiteFiles({ name: packageName(basename(root)), postern: posternFor(root) })
    try {
      for (const [path, text] of files) await write(join(root, path), text)
    } catch (cause) {
      throw new UsageError(`${root} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}.`, {
        cause,
      })
    }
    if (given.has('json')) return sayJson({ root, files: [...files.keys()] })
    return say(farewell(root, [...files.keys()]))
  },
}

/** Questions are for people: a script that forgets the folder gets an error and not a prompt that waits for ever. */
async function folderOf(given: Given): Promise<string> {
  const folder = given.positional(0)
  if (folder !== '') return folder
  if (!process.stdin.isTTY || !process.stdout.isTTY || given.has('json'))
    throw new UsageError('"postern new" needs <folder>.')
  const { isCancel, text } = await import('@clack/prompts')
  const answer = await text({
    message: 'Where shall the site be?',
    placeholder: './my-site',
    defaultValue: './my-site',
  })
  if (isCancel(answer)) throw new UsageError('Nothing was made.')
  return answer
}

function complaintAbout(root: string): string | undefined {
  if (!existsSync(root)) return undefined
  if (!statSync(root).isDirectory()) return `${root} is a file.`
  return readdirSync(root).every((name) => name === '.git') ? undefined : `${root} is not empty.`
}

/** A clone makes sites of its own: what it has need not be on npm. */
function posternFor(root: string): string {
  const folder = checkout()
  return folder === undefined ? version() : `file:${relative(root, folder).split(sep).join('/')}`
}

/** npm takes lower case, digits and dashes. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return name === '' ? 'my-site' : name
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text, { flag: 'wx' })
}

function farewell(root: string, files: readonly string[]): string {
  const folder = relative(process.cwd(), root)
  const here = folder === '' ? [] : [`  cd ${quoted(folder)}`]
  return [
    `Made ${colour.bold(root)}:`,
    '',
    ...files.map((file) => `  ${file}`),
    '',
    'Now:',
    '',
    ...here,
    '  npm install',
    '  npx postern dev',
  ].join('\n')
}

/** As a shell takes it for one word. */
function quoted(folder: string): string {
  const path = folder.startsWith('-') ? `./${folder}` : folder
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}
