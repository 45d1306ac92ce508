import { isReserved } from '../../endpoint/api-controller.ts'
import { isVerb, verbs } from '../../endpoint/method.ts'
import { nearest } from '../../schema/nearest.ts'
import { paramsOf } from '../prune-rule.ts'
import type { SiteFolder, SiteProblem } from '../site-folder.ts'
import { fatalProblem, mildProblem } from '../site-problem.ts'
import {
  isEndpointName,
  isMethod,
  memberFor,
  objectMember,
  ownObjectPaths,
  parameterNames,
  type ReadController,
} from './controller-endpoints.ts'

/** All that a class, its rules and its names promise and cannot keep. */
export function controllerProblems(site: SiteFolder, read: ReadController): readonly SiteProblem[] {
  return [
    ...complainOfRules(site, read),
    ...complainOfNames(site, read),
    ...complainOfPaths(site, read),
    ...complainOfParams(read),
  ]
}

function complainOfRules(site: SiteFolder, read: ReadController): readonly SiteProblem[] {
  const at = read.placeOf('authorize')
  const problems = Object.keys(read.declared.authorize).flatMap((name) => {
    const said = complaintAboutRule(read, name)
    return said === undefined ? [] : [fatalProblem(site.root, at, { message: `authorize ${said}` })]
  })
  if (site.settings.api.protected !== undefined) return problems
  const message = 'A site with a controller must say api.protected: whether its endpoints need a caller.'
  const hint = 'Write in postern.config.ts: api: { protected: true }, or false.'
  return [fatalProblem(site.root, read.placeOf('endPoints'), { code: 'BAD_SETTING', message, hint }), ...problems]
}

function complaintAboutRule({ sample, declared }: ReadController, name: string): string | undefined {
  const sub = name.startsWith('objects/') ? name.slice('objects/'.length) : undefined
  const isOwn = sub !== undefined && Object.values(declared.objectPaths).some((subs) => subs.includes(sub))
  if (!isOwn && !declared.endPoints.includes(name))
    return `names "${name}", which is not among endPoints${suggest(name, declared.endPoints)}`
  const members = verbs.map((verb) => (sub === undefined ? memberFor(sample, name, verb) : objectMember(verb, sub)))
  const params = ['id', ...parameterNames(sample, members)].slice(sub === undefined ? 1 : 0)
  const missing = paramsOf(declared.authorize[name]).find((param) => !params.includes(param))
  return missing === undefined
    ? undefined
    : `of "${name}" speaks of "${missing}", which is no argument of its methods${suggest(missing, params)}`
}

function complainOfNames(site: SiteFolder, { sample, declared, placeOf }: ReadController): readonly SiteProblem[] {
  const at = placeOf('endPoints')
  const endPoints = declared.endPoints.flatMap((name) => {
    if (!isEndpointName(name) || isReserved(name))
      return [fatalProblem(site.root, at, { message: `"${name}" cannot be the name of an endpoint.` })]
    if (verbs.some((verb) => memberFor(sample, name, verb) !== undefined)) return []
    const message = `endPoints names "${name}", but the class has neither a method of that name nor one for a verb.`
    return [fatalProblem(site.root, at, { message, hint: `Write ${memberHint(name)}() or ${name}().` })]
  })
  const types = declared.whitelistTypes.flatMap((name) => {
    const known = site.types.map((type) => type.name)
    if (known.includes(name)) return []
    const message = `whitelistObjectTypes names "${name}", but there is no such object type${suggest(name, known)}`
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
    ...slips.map((key) => mildProblem(at, { message: `allowedUrlParams names "${key}"${suggest(key, endPoints)}` })),
  ]
}

/** The end of a sentence: a question where there is something to ask. */
function suggest(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  return near === undefined ? '.' : `; did you mean "${near}"?`
}

function memberHint(name: string): string {
  return `get${name.charAt(0).toUpperCase()}${name.slice(1)}`
}
