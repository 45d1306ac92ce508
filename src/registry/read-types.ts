import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lineOfExport } from './export-line.ts'
import { mergeLoaded, onlyProblems } from './loaded.ts'
import { findCode } from './site-files.ts'
import type { FoundType, Loaded, SiteFolder, TypeFacts } from './site-folder.ts'
import { fatalProblem, thrownProblem } from './site-problem.ts'

/** The object types of `types/*.ts`: each file's default export is one, or a list of them. */
export async function readTypes(site: SiteFolder): Promise<Partial<Loaded>> {
  const found = await findCode(site.root, 'types')
  const each = await Promise.all(found.files.map((name) => readFileOfTypes(site, `types/${name}`)))
  return mergeLoaded([onlyProblems(...found.problems), ...each])
}

/** What one exported type says of itself. Throws an Error that says what is wrong. */
export function typeFacts(site: SiteFolder, type: unknown): TypeFacts {
  return site.readType ? site.readType(type) : plainFacts(type)
}

async function readFileOfTypes(site: SiteFolder, file: string): Promise<Partial<Loaded>> {
  try {
    const exported = await site.importModule(join(site.root, file))
    const text = await readFile(join(site.root, file), 'utf8')
    const origin = { file, line: lineOfExport(text, 'default') }
    const found: readonly unknown[] = Array.isArray(exported.default) ? exported.default : [exported.default]
    return mergeLoaded(found.map((type) => readType(site, { type, origin })))
  } catch (thrown) {
    return onlyProblems(thrownProblem(site.root, file, thrown))
  }
}

function readType(site: SiteFolder, { type, origin }: Pick<FoundType, 'type' | 'origin'>): Partial<Loaded> {
  try {
    return { types: [{ type, origin, facts: typeFacts(site, type) }] }
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return onlyProblems(
      fatalProblem(site.root, origin, { message, hint: 'Write: export default defineType({ name, fields }).' }),
    )
  }
}

function plainFacts(type: unknown): TypeFacts {
  if (typeof type !== 'object' || type === null || !('name' in type) || typeof type.name !== 'string') {
    throw new Error('The default export is no object type.')
  }
  const plural = 'plural' in type && typeof type.plural === 'string' ? type.plural : `${type.name}s`
  const fields =
    'fields' in type && typeof type.fields === 'object' && type.fields !== null ? Object.keys(type.fields) : []
  return { name: type.name, plural, fields }
}
