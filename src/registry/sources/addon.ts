import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { isDefinedAddon, type DefinedAddon } from '../../endpoint/define-addon.ts'
import { isDefinedEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { isDefinedHook } from '../../endpoint/define-hook.ts'
import { parsePathPattern } from '../../endpoint/path-pattern.ts'
import type { Definition } from '../../endpoint/record.ts'
import { freezeRecord, toDefinition } from '../../endpoint/to-definition.ts'
import type { Place } from '../../errors/postern-error.ts'
import type { WhenFunction } from '../../rules/allow.ts'
import { check } from '../../schema/standard.ts'
import { lineOfExport } from '../export-line.ts'
import { mergeLoaded, onlyProblems } from '../loaded.ts'
import { hookDefinitions, readHooks } from '../read-hooks.ts'
import { readRules } from '../read-rules.ts'
import { readTypes, typeFacts } from '../read-types.ts'
import { findModule } from '../site-files.ts'
import type { Loaded, SiteFolder, SiteProblem, Source } from '../site-folder.ts'
import { fatalProblem, mildProblem, thrownProblem } from '../site-problem.ts'
import { findAddons, importerWithin, type AddonPlace } from './addon-place.ts'
import { files } from './files.ts'
import { manifest } from './manifest.ts'

/** Endpoints, and all else a site can have, from the folders of `addons/` and from installed packages. */
export const addon: Source = { name: 'addon', load: loadAddons }

async function loadAddons(site: SiteFolder): Promise<Loaded> {
  const { places, problems } = await findAddons(site)
  const each = await Promise.all(
    places.map(async (place) => {
      const { root } = place
      return named(place, await loadAddon({ ...site, root, importModule: importerWithin(site, root) }, place))
    }),
  )
  const packages = places.filter(({ isPackage }) => isPackage).map(({ root }) => root)
  return mergeLoaded([onlyProblems(...problems), { packages }, ...each])
}

/** Its own rooms are read as a site's are; its code is not the site's, so a controller has no room here. */
async function loadAddon(site: SiteFolder, place: AddonPlace): Promise<Loaded> {
  const said = mergeLoaded([await readEntry(site, place), await readTypes(site)])
  const known = { ...site, types: [...site.types, ...(said.types ?? []).map((type) => type.facts)] }
  const rooms = await Promise.all([readRules(known), readHooks(known), files.load(known), manifest.load(known)])
  return mergeLoaded([said, await unusedController(site), ...rooms])
}

async function unusedController(site: SiteFolder): Promise<Partial<Loaded>> {
  const file = await findModule(site.root, 'api/controller')
  if (file === undefined) return {}
  const message = 'A controller belongs to a site; this one is in an addon and answers nothing.'
  return onlyProblems(mildProblem({ file }, { message, hint: 'Write its endpoints as files or with defineEndpoint.' }))
}

async function readEntry(site: SiteFolder, place: AddonPlace): Promise<Partial<Loaded>> {
  const { entry, name } = place
  if (entry === undefined) return {}
  try {
    const { default: defined } = await site.importModule(join(site.root, entry))
    const text = await readFile(join(site.root, entry), 'utf8')
    const at = { file: entry, line: lineOfExport(text, 'default') }
    if (!isDefinedAddon(defined))
      return onlyProblems(fatalProblem(site.root, at, { message: 'The default export is no addon.', hint: noAddon }))
    const { settings, complaints } = await settingsOf(defined, site.settings.addons[name])
    if (complaints.length > 0) return onlyProblems(...complaints.map((message) => badSetting(site, name, message)))
    return contentsOf({ site, defined, at, text, settings })
  } catch (thrown) {
    return onlyProblems(thrownProblem(site.root, entry, thrown))
  }
}

const noAddon = "Write: export default defineAddon({ name: '…', endpoints: [ … ] })."

interface ReadAddon {
  readonly site: SiteFolder
  readonly defined: DefinedAddon
  readonly at: Place
  readonly text: string
  readonly settings: unknown
}

async function settingsOf(
  defined: DefinedAddon,
  said: unknown,
): Promise<{ settings: unknown; complaints: readonly string[] }> {
  if (!defined.settings) return { settings: said ?? {}, complaints: [] }
  const verdict = await check(defined.settings, said ?? {}, 'settings')
  if ('value' in verdict) return { settings: verdict.value, complaints: [] }
  return {
    settings: undefined,
    complaints: verdict.errors.map(
      ({ path, message }) => `${path.replace(/^settings\.?/, '') || 'the whole'}: ${message}`,
    ),
  }
}

function badSetting(site: SiteFolder, name: string, message: string): SiteProblem {
  return fatalProblem(
    site.root,
    { file: 'postern.config.ts' },
    { code: 'BAD_SETTING', message: `The settings of the addon "${name}" do not fit: ${message}` },
  )
}

function contentsOf(read: ReadAddon): Partial<Loaded> {
  const { site, defined, at, settings } = read
  const endpoints = listOf(defined.endpoints, settings)
  const hooks = listOf(defined.hooks, settings)
  const strange = [
    ...endpoints
      .filter((one) => !isDefinedEndpoint(one))
      .map(() => 'endpoints holds something that defineEndpoint did not make.'),
    ...hooks.filter((one) => !isDefinedHook(one)).map(() => 'hooks holds something that defineHook did not make.'),
  ]
  const definitions = endpoints.filter(isDefinedEndpoint).map((one) => define(read, one))
  return {
    definitions: definitions.flatMap((one) => ('record' in one ? [one] : [])),
    hooks: hooks.filter(isDefinedHook).flatMap((hook) => hookDefinitions(hook, at)),
    types: (defined.types ?? []).map((type) => ({ type, facts: typeFacts(site, type), origin: at })),
    whenFunctions: new Map<string, WhenFunction>(Object.entries(defined.rules ?? {})),
    problems: [
      ...strange.map((message) => fatalProblem(site.root, at, { message })),
      ...definitions.flatMap((one) => ('record' in one ? [] : [one])),
    ],
  }
}

/** A list, or a function that makes one of the site's settings. */
function listOf(said: unknown, settings: unknown): readonly unknown[] {
  const list: unknown = typeof said === 'function' ? (said as (settings: unknown) => unknown)(settings) : said
  return Array.isArray(list) ? list : []
}

function define({ site, at, text }: ReadAddon, endpoint: DefinedEndpoint): Definition | SiteProblem {
  const { path, method = 'GET' } = endpoint
  if (path === undefined)
    return fatalProblem(site.root, at, { message: 'An endpoint of an addon needs a path, such as "/api/hello".' })
  const origin = { file: at.file, line: lineOfText(text, path) ?? at.line ?? 1 }
  try {
    parsePathPattern(path)
  } catch (thrown) {
    return fatalProblem(site.root, origin, { message: thrown instanceof Error ? thrown.message : String(thrown) })
  }
  const { timeout, bodyLimit } = site.settings
  const methods = typeof method === 'string' ? [method] : method
  const activation = `Say \`authorize\` for ${path} in ${origin.file}.`
  return toDefinition(endpoint, {
    methods,
    path,
    source: 'addon',
    origin,
    place: 'site',
    timeout,
    bodyLimit,
    activation,
  })
}

function lineOfText(text: string, path: string): number | undefined {
  const at = ["'", '"', '`'].map((quote) => text.indexOf(`${quote}${path}${quote}`)).find((index) => index >= 0)
  return at === undefined ? undefined : text.slice(0, at).split('\n').length
}

/** What an addon brought, as the site speaks of it. */
function named({ name, prefix }: AddonPlace, loaded: Loaded): Loaded {
  const placed = (place: Place): Place => ({ ...place, file: posix.normalize(prefix + place.file) })
  return {
    ...loaded,
    definitions: loaded.definitions.map((definition) => {
      const { record } = definition
      const id = record.id.replace(/^(?:files|manifest):/, 'addon:')
      const own = { ...record, id, source: 'addon' as const, group: name, origin: placed(record.origin) }
      return Object.freeze({ ...definition, record: freezeRecord(own) })
    }),
    hooks: loaded.hooks.map((hook) => ({ ...hook, origin: placed(hook.origin) })),
    types: (loaded.types ?? []).map((type) => ({ ...type, origin: placed(type.origin) })),
    problems: loaded.problems.map((problem) =>
      problem.code === 'BAD_SETTING' ? problem : { ...problem, at: placed(problem.at) },
    ),
  }
}
