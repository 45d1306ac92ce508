import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDefinedHook, type DefinedHook } from '../endpoint/define-hook.ts'
import type { Place } from '../errors/postern-error.ts'
import { lineOfExport } from './export-line.ts'
import { mergeLoaded, onlyProblems } from './loaded.ts'
import { findCode } from './site-files.ts'
import type { HookDefinition, Loaded, SiteFolder } from './site-folder.ts'
import { fatalProblem, thrownProblem } from './site-problem.ts'

/** The hooks of `hooks/*.ts`: each file's default export is a hook or a list of them. */
export async function readHooks(site: SiteFolder): Promise<Partial<Loaded>> {
  const found = await findCode(site.root, 'hooks')
  const each = await Promise.all(found.files.map((name) => readFileOfHooks(site, `hooks/${name}`)))
  return mergeLoaded([onlyProblems(...found.problems), ...each])
}

/** One definition for each endpoint or pattern that a hook names. */
export function hookDefinitions(hook: DefinedHook, origin: Place): readonly HookDefinition[] {
  const patterns = typeof hook.on === 'string' ? [hook.on] : hook.on
  return patterns.map((on) => ({
    id: hook.id,
    on,
    order: hook.order ?? 0,
    origin,
    ...(hook.before ? { before: hook.before } : {}),
    ...(hook.after ? { after: hook.after } : {}),
  }))
}

async function readFileOfHooks(site: SiteFolder, file: string): Promise<Partial<Loaded>> {
  try {
    const exported = await site.importModule(join(site.root, file))
    const text = await readFile(join(site.root, file), 'utf8')
    const at = { file, line: lineOfExport(text, 'default') }
    const found: readonly unknown[] = Array.isArray(exported.default) ? exported.default : [exported.default]
    const hooks = found.filter(isDefinedHook)
    if (hooks.length < found.length || found.length === 0) return onlyProblems(fatalProblem(site.root, at, notHooks))
    return { hooks: hooks.flatMap((hook) => hookDefinitions(hook, at)) }
  } catch (thrown) {
    return onlyProblems(thrownProblem(site.root, file, thrown))
  }
}

const notHooks = {
  message: 'The default export is neither a hook nor a list of hooks.',
  hint: 'Write: export default defineHook({ id, on, before(call) {} }).',
}
