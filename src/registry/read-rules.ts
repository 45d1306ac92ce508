import { join } from 'node:path'
import type { WhenFunction } from '../rules/allow.ts'
import { mergeLoaded, onlyProblems } from './loaded.ts'
import { findCode } from './site-files.ts'
import type { Loaded, SiteFolder } from './site-folder.ts'
import { fatalProblem, thrownProblem } from './site-problem.ts'

/** The functions for `allow.when` in `rules/*.ts`: the default export under the file's name, others under their own. */
export async function readRules(site: SiteFolder): Promise<Partial<Loaded>> {
  const found = await findCode(site.root, 'rules')
  const each = await Promise.all(found.files.map((name) => readFileOfRules(site, name)))
  return mergeLoaded([onlyProblems(...found.problems), ...each])
}

async function readFileOfRules(site: SiteFolder, name: string): Promise<Partial<Loaded>> {
  const file = `rules/${name}`
  try {
    const exported = await site.importModule(join(site.root, file))
    const wrong = Object.keys(exported).find((one) => typeof exported[one] !== 'function')
    if (wrong !== undefined) {
      const message = `"${wrong}" is not a function.`
      return onlyProblems(
        fatalProblem(site.root, { file }, { message, hint: 'A rule is a function: ({ caller, params }) => boolean.' }),
      )
    }
    const own = name.replace(/\.m?[tj]s$/, '')
    return {
      whenFunctions: new Map(
        Object.entries(exported).map(([key, decide]) => [key === 'default' ? own : key, decide as WhenFunction]),
      ),
    }
  } catch (thrown) {
    return onlyProblems(thrownProblem(site.root, file, thrown))
  }
}
