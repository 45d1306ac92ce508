import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from './contenders.ts'

const root = join(import.meta.dirname, '..', '..')

/** A copy of bench/site in a folder of its own, with so many more endpoint files; for cases that change a site's files. */
export function siteWith(endpoints: number): string {
  const folder = newFolder()
  cpSync(join(root, 'bench', 'site'), folder, { recursive: true })
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
