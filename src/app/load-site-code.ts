import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { configFrom, findConfig, type ConfigFile } from '../config/config-file.ts'
import { readSettings } from '../config/read-settings.ts'
import type { Settings } from '../config/settings.ts'
import { isDefinedType, typeData, type TypeData } from '../content/define-type.ts'
import { operationHandler } from '../content/operation-handler.ts'
import { sharedNames } from '../content/shared-fields.ts'
import { anonymous } from '../endpoint/caller.ts'
import { placeText, PosternError } from '../errors/postern-error.ts'
import { importerOf } from '../registry/import-module.ts'
import { loadSite } from '../registry/load-site.ts'
import { resolvePosternFor } from '../registry/resolve-postern.ts'
import { watchAnswers } from '../registry/watch-answers.ts'
import type { FoundType, Loaded, SiteProblem, TypeFacts, WrittenRule } from '../registry/site-folder.ts'
import { fatalProblem } from '../registry/site-problem.ts'
import type { LoadOutcome, SiteAsked } from '../thread/site-code.ts'
import type { HouseServices } from '../thread/site.ts'
import { databaseOf } from './database-place.ts'
import { namesRegistered } from './query-names.ts'
import { siteContent } from './site-content.ts'

/** Loads a site's code where it is called, in a thread or in the house: settings, types, every source; nothing is served yet. */
export async function loadSiteCode(asked: SiteAsked, house: HouseServices): Promise<LoadOutcome> {
  try {
    resolvePosternFor(asked.root)
    const importModule = importerOf(asked.root, asked.version)
    const settings = readSettings({ ...asked, file: await configOf(asked.root, importModule) })
    const loaded = await loadSite({
      root: asked.root,
      settings,
      importModule,
      types: [],
      operation: operationHandler,
      readType,
    })
    const watched = asked.development ? { ...loaded, definitions: watchAnswers(loaded.definitions) } : loaded
    const fatal = loaded.problems.filter((problem) => problem.fatal)
    tellOfNames(loaded, house)
    return fatal.length > 0 ? { broken: loaded.problems } : { code: codeOf(settings, watched, house) }
  } catch (thrown) {
    if (thrown instanceof PosternError) return { broken: [problemOf(asked.root, thrown)] }
    throw thrown
  }
}

/** What is registered while the site runs goes for built-in endpoints too, and these are in the house. */
function tellOfNames({ exposure }: Loaded, house: HouseServices): void {
  exposure?.onChange((said) => {
    house.operate(namesRegistered, said, { caller: anonymous }).catch(() => undefined)
  })
}

type Import = (file: string) => Promise<Readonly<Record<string, unknown>>>

async function configOf(root: string, importModule: Import): Promise<ConfigFile | undefined> {
  const path = findConfig(root)
  if (path === undefined) return undefined
  const exported = await importModule(join(root, path))
  return configFrom(path, readFileSync(join(root, path), 'utf8'), exported['default'])
}

function readType(exported: unknown): TypeFacts {
  if (!isDefinedType(exported)) throw new Error('The default export is not made with defineType.')
  const { name, plural, fields, rules, below = {} } = exported
  const own = Object.entries(fields)
  return {
    name,
    plural,
    fields: [...sharedNames, ...Object.keys(fields)],
    accessLists: own.flatMap(([field, { kind }]) => (kind === 'accessList' ? [field] : [])),
    fieldRules: own.flatMap(([field, said]) =>
      rulesOfFields.flatMap((right) => (said[right] === undefined ? [] : [{ field, right, rule: said[right] }])),
    ),
    rules: written(rules),
    belowRules: written(below),
  }
}

function written(rules: object): WrittenRule[] {
  return Object.entries(rules).map(([right, rule]: [string, unknown]) => ({ right, rule }))
}

const rulesOfFields = ['read', 'write'] as const

function codeOf(settings: Settings, loaded: Loaded, house: HouseServices) {
  const types = (loaded.types ?? []).flatMap(dataOfType)
  const content = siteContent({ types, house, database: databaseOf(settings), whenFunctions: loaded.whenFunctions })
  return { settings, types, loaded, services: content.services, operationHooks: new Map(), close: content.close }
}

function dataOfType({ type, origin }: FoundType): TypeData[] {
  return isDefinedType(type) ? [typeData(type, origin)] : []
}

/** A setting that is not from a file has no place: its message names the variable or the flag. */
function problemOf(root: string, { code, message, hint, at = { file: '.' } }: PosternError): SiteProblem {
  const place = `${placeText(at)}: `
  return fatalProblem(root, at, {
    code,
    message: message.startsWith(place) ? message.slice(place.length) : message,
    hint,
  })
}
