import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from './contenders.ts'

const root = join(import.meta.dirname, '..', '..')

/** A copy of bench/site in a folder of its own, with so many more endpoint files; for cases that change a site's files. */
export function siteWith(endpoints: number): string {
  const folder = newFolder()
  cpSync(join(root, 'bench', 'site'), folder, { recursive: true })
  // As `postern new` writes it; without it Node reads every file twice to tell what kind of module it is.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules', 'postern'))
  symlinkSync(join(root, 'node_modules', 'zod'), join(folder, 'node_modules', 'zod'))
  mkdirSync(join(folder, 'api', 'public', 'many'))
  for (let index = 0; index < endpoints; index += 1) writeEndpoint(folder, index, 0)
  return folder
}

/** `GET /api/public/many/e<index>` answers `{"hello":<value>}`. */
export function writeEndpoint(folder: string, index: number, value: number): void {
  const text = `export const GET = () => ({ hello: ${value} })\n`
  writeFileSync(join(folder, 'api', 'public', 'many', `e${index}.ts`), text)
}

/** `POST /api/typed/t<index>`, with schemas of body, query and answer; the answer has a field `<field><index>`. */
export function writeTyped(folder: string, index: number, field: string): void {
  const text = [
    "import { allow, defineEndpoint } from 'postern'",
    "import { z } from 'zod'",
    'export const POST = defineEndpoint({',
    `  description: 'Keeps item ${index}.',`,
    '  authorize: allow.user,',
    '  query: z.object({ dry: z.boolean().optional(), limit: z.int().min(1).max(100).default(20) }),',
    "  body: z.strictObject({ title: z.string().min(1), status: z.enum(['draft', 'on']), price: z.number().optional() }),",
    `  response: z.object({ id: z.int(), ${field}${index}: z.string().optional() }),`,
    '  handler: () => ({ id: 1 }),',
    '})',
    '',
  ].join('\n')
  mkdirSync(join(folder, 'api', 'typed'), { recursive: true })
  writeFileSync(join(folder, 'api', 'typed', `t${index}.ts`), text)
}
