import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isControllerClass, isReserved, type ControllerClass } from '../../endpoint/api-controller.ts'
import { isVerb, verbs } from '../../endpoint/method.ts'
import type { Definition } from '../../endpoint/record.ts'
import type { Place } from '../../errors/postern-error.ts'
import { nearest } from '../../schema/nearest.ts'
import { lineOfExport, lineOfMember } from '../export-line.ts'
import { mergeLoaded, onlyProblems } from '../loaded.ts'
import { findModule } from '../site-files.ts'
import type { Loaded, SiteFolder, SiteProblem, Source } from '../site-folder.ts'
import { fatalProblem, mildProblem, thrownProblem } from '../site-problem.ts'
import {
  blacklistedDefinitions,
  endpointDefinitions,
  isMethod,
  memberFor,
  objectMember,
  objectPathDefinitions,
  type ReadController,
} from './controller-endpoints.ts'
import { builtInObjectPaths, declaredBy, exposureOf } from './controller-settings.ts'

/** Endpoints from the one class in `api/controller.ts`, and what site and config say of the built-in ones. */
export const controller: Source = { name: 'controller', load: loadController }

async function loadController(site: SiteFolder): Promise<Loaded> {
  const file = await findModule(site.root, 'api/controller')
  if (file === undefined) return withoutController(site)
  try {
    const { default: Controller } = await site.importModule(join(site.root, file))
    const text = await readFile(join(site.root, file), 'utf8')
    const at = { file, line: lineOfExport(text, 'default') }
    if (!isControllerClass(Controller)) return mergeLoaded([onlyProblems(fatalProblem(site.root, at, noClass))])
    const placeOf = (member: string): Place => ({ file, line: lineOfMember(text, member) ?? at.line })
    return loadClass(site, Controller, placeOf)
  } catch (thrown) {
    return mergeLoaded([onlyProblems(thrownProblem(site.root, file, thrown))])
  }
}

const noClass = {
  message: 'The default export is not a class that extends ApiController.',
  hint: "Write: import { ApiController } from 'postern', then export default class SiteApi extends ApiController { … }.",
}

/** The config file can say the same of built-in endpoints without a class; it cannot say what a class would answer. */
function withoutController(site: SiteFolder): Loaded {
  const declared = declaredBy(undefined, site.settings.api)
  const at = { file: 'postern.config.ts' }
  const problems = declared.endPoints.map((name) =>
    fatalProblem(site.root, at, { message: `api.endPoints names "${name}", but there is no api/controller.ts.` }),
  )
  const definitions = declared.blacklist.flatMap((name) => blacklistedDefinitions(site, name, at))
  return mergeLoaded([{ definitions, problems, exposure: exposureOf(declared) }])
}

function loadClass(site: SiteFolder, Controller: ControllerClass, placeOf: (member: string) => Place): Loaded {
  const sample = new Controller()
  const declared = declaredBy(sample, site.settings.api)
  const read: ReadController = { Controller, sample, declared, settings: site.settings, placeOf }
  const problems = [
    ...complainOfRules(site, read),
    ...complainOfNames(site, read),
    ...complainOfPaths(site, read),
    ...complainOfParams(read),
  ]
  return mergeLoaded([{ definitions: definitionsOf(read), problems, exposure: exposureOf(declared) }])
}

function definitionsOf(read: ReadController): readonly Definition[] {
  const { endPoints, blacklist } = read.declared
  const shown = endPoints.filter((name) => !blacklist.includes(name) && isName(name))
  return [
    ...shown.flatMap((name) => endpointDefinitions(read, name)),
    ...ownObjectPaths(read).flatMap(({ verb, sub }) =>
      isMethod(read.sample, objectMember(verb, sub)) ? objectPathDefinitions(read, verb, sub) : [],
    ),
    ...blacklist.flatMap((name) => blacklistedDefinitions(read, name, read.placeOf('blacklistEndPoints'))),
  ]
}

/** Sub-paths of objects that the server does not answer itself. */
function ownObjectPaths({ declared }: ReadController): { verb: (typeof verbs)[number]; sub: string }[] {
  const builtIn: readonly string[] = builtInObjectPaths
  if (declared.blacklist.includes('objects')) return []
  return verbs.flatMap((verb) => {
    const subs = declared.objectPaths[verb.toLowerCase()] ?? []
    return subs.filter((sub) => !builtIn.includes(sub) && isName(sub)).map((sub) => ({ verb, sub }))
  })
}

function complainOfRules(site: SiteFolder, { declared, placeOf }: ReadController): readonly SiteProblem[] {
  const problems: SiteProblem[] = []
  if (site.settings.api.protected === undefined) {
    const message = 'A site with a controller must say api.protected: whether its endpoints need a caller.'
    const hint = 'Write in postern.config.ts: api: { protected: true }, or false.'
    problems.push(fatalProblem(site.root, placeOf('endPoints'), { code: 'BAD_SETTING', message, hint }))
  }
  for (const name of Object.keys(declared.authorize)) {
    if (declared.endPoints.includes(name) || isOwnPath(declared.objectPaths, name)) continue
    const message = `authorize names "${name}", which is not among endPoints${suggest(name, declared.endPoints)}.`
    problems.push(fatalProblem(site.root, placeOf('authorize'), { message }))
  }
  return problems
}

function isOwnPath(objectPaths: Readonly<Record<string, readonly string[]>>, name: string): boolean {
  return (
    name.startsWith('objects/') &&
    Object.values(objectPaths).some((subs) => subs.includes(name.slice('objects/'.length)))
  )
}

function complainOfNames(site: SiteFolder, { sample, declared, placeOf }: ReadController): readonly SiteProblem[] {
  const at = placeOf('endPoints')
  const endPoints = declared.endPoints.flatMap((name) => {
    if (!isName(name) || isReserved(name))
      return [fatalProblem(site.root, at, { message: `"${name}" cannot be the name of an endpoint.` })]
    if (verbs.some((verb) => memberFor(sample, name, verb) !== undefined)) return []
    const message = `endPoints names "${name}", but the class has neither a method of that name nor one for a verb.`
    return [fatalProblem(site.root, at, { message, hint: `Write ${memberHint(name)}() or ${name}().` })]
  })
  const types = declared.whitelistTypes.flatMap((name) => {
    const known = site.types.map((type) => type.name)
    if (known.includes(name)) return []
    const message = `whitelistObjectTypes names "${name}", but there is no such object type${suggest(name, known)}.`
    return [fatalProblem(site.root, placeOf('whitelistObjectTypes'), { message })]
  })
  return [...endPoints, ...types]
}

function complainOfPaths(site: SiteFolder, read: ReadController): readonly SiteProblem[] {
  const at = read.placeOf('allowedObjectsUrlPath')
  const odd = Object.keys(read.declared.objectPaths).filter((verb) => !isVerb(verb.toUpperCase()))
  const missing = ownObjectPaths(read).filter(({ verb, sub }) => !isMethod(read.sample, objectMember(verb, sub)))
  return [
    ...odd.map((verb) =>
      fatalProblem(site.root, at, { message: `allowedObjectsUrlPath names "${verb}", which is no verb.` }),
    ),
    ...missing.map(({ verb, sub }) => {
      const message = `allowedObjectsUrlPath allows ${verb} "${sub}", but the class has no method ${objectMember(verb, sub)}.`
      return fatalProblem(site.root, at, { message, hint: `Write ${objectMember(verb, sub)}(objectId) { … }.` })
    }),
  ]
}

function complainOfParams({ declared, placeOf }: ReadController): readonly SiteProblem[] {
  const at = placeOf('allowedUrlParams')
  const { table, endPoints } = declared
  const groups = table.unknownGroups.map((name) =>
    mildProblem(at, { message: `allowedUrlParams names the group "${name}", which is declared nowhere.` }),
  )
  const slips = table.keys.filter(
    (key) => !key.startsWith('_') && !endPoints.includes(key) && nearest(key, endPoints) !== undefined,
  )
  return [
    ...groups,
    ...slips.map((key) => mildProblem(at, { message: `allowedUrlParams names "${key}"${suggest(key, endPoints)}.` })),
  ]
}

function isName(name: string): boolean {
  return /^[a-z][\w-]*$/i.test(name)
}

function suggest(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  return near === undefined ? '' : `; did you mean "${near}"?`
}

function memberHint(name: string): string {
  return `get${name.charAt(0).toUpperCase()}${name.slice(1)}`
}
