import type { Definition } from '../endpoint/record.ts'
import { placeText } from '../errors/postern-error.ts'
import { attachHooks } from './attach-hooks.ts'
import { gatherWhenFunctions } from './gather-when-functions.ts'
import { mergeLoaded } from './loaded.ts'
import { readHooks } from './read-hooks.ts'
import { readRules } from './read-rules.ts'
import { readTypes } from './read-types.ts'
import { rowRuleProblems } from './row-rule-problems.ts'
import { ruleProblems } from './rule-problems.ts'
import type { Loaded, SiteFolder, SiteProblem } from './site-folder.ts'
import { fatalProblem } from './site-problem.ts'
import { addon } from './sources/addon.ts'
import { controller } from './sources/controller.ts'
import { files } from './sources/files.ts'
import { manifest } from './sources/manifest.ts'

/**
 * Everything a site brings: endpoints of all four sources with the site's hooks around them, the hooks themselves (for
 * built-in endpoints), object types, functions for rules, and all that is wrong with it. Never throws for the site's faults.
 */
export async function loadSite(folder: SiteFolder): Promise<Loaded> {
  const { result, whenFunctions } = await gatherWhenFunctions(() => readAll(folder))
  return finish(result.site, mergeLoaded([result.loaded, { whenFunctions }]))
}

async function readAll(folder: SiteFolder): Promise<{ readonly site: SiteFolder; readonly loaded: Loaded }> {
  const types = await readTypes(folder)
  const known = withTypes(folder, types)
  const addons = await addon.load(known)
  const site = withTypes(known, addons)
  const own = await Promise.all([
    readRules(site),
    readHooks(site),
    files.load(site),
    controller.load(site),
    manifest.load(site),
  ])
  return { site, loaded: mergeLoaded([types, addons, ...own]) }
}

function withTypes(site: SiteFolder, found: Partial<Loaded>): SiteFolder {
  return { ...site, types: [...site.types, ...(found.types ?? []).map((type) => type.facts)] }
}

function finish(site: SiteFolder, loaded: Loaded): Loaded {
  const { definitions, types = [] } = loaded
  const whenNames = [...loaded.whenFunctions.keys()]
  const problems = [
    ...loaded.problems,
    ...ruleProblems(site, definitions, whenNames),
    ...rowRuleProblems(site, types, whenNames),
    ...namesakes(site, definitions),
  ]
  return { ...loaded, definitions: attachHooks(definitions, loaded.hooks), problems }
}

/** Ids are what logs, hooks and clients go by: two endpoints of one id would be one to them. */
function namesakes(site: SiteFolder, definitions: readonly Definition[]): readonly SiteProblem[] {
  const byId = new Map<string, Definition>()
  return definitions.flatMap((definition) => {
    const { id, origin } = definition.record
    const other = byId.get(id)
    byId.set(id, other ?? definition)
    if (!other || isSameClaim(other, definition)) return []
    const message = `Two endpoints are called "${id}": ${placeText(other.record.origin)} and ${placeText(origin)}.`
    return [
      fatalProblem(site.root, origin, { code: 'ENDPOINT_CONFLICT', message, hint: 'Give one of them another id.' }),
    ]
  })
}

/** The same verbs and path are a conflict that is told, or settled by `override`, where the records are joined. */
function isSameClaim(one: Definition, other: Definition): boolean {
  return one.record.path === other.record.path && one.record.methods.join() === other.record.methods.join()
}
