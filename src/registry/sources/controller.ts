import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isControllerClass, type ControllerClass } from '../../endpoint/api-controller.ts'
import type { Definition } from '../../endpoint/record.ts'
import type { Place } from '../../errors/postern-error.ts'
import { lineOfExport, lineOfMember } from '../export-line.ts'
import { mergeLoaded, onlyProblems } from '../loaded.ts'
import { findModule } from '../site-files.ts'
import type { Loaded, SiteFolder, Source } from '../site-folder.ts'
import { fatalProblem, thrownProblem } from '../site-problem.ts'
import {
  blacklistedDefinitions,
  endpointDefinitions,
  isEndpointName,
  isMethod,
  objectMember,
  objectPathDefinitions,
  ownObjectPaths,
  type ReadController,
} from './controller-endpoints.ts'
import { controllerProblems } from './controller-problems.ts'
import { declaredBy, exposureOf } from './controller-settings.ts'

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
  const problems = controllerProblems(site, read)
  return mergeLoaded([{ definitions: definitionsOf(read), problems, exposure: exposureOf(declared) }])
}

function definitionsOf(read: ReadController): readonly Definition[] {
  const { endPoints, blacklist } = read.declared
  const shown = endPoints.filter((name) => !blacklist.includes(name) && isEndpointName(name))
  return [
    ...shown.flatMap((name) => endpointDefinitions(read, name)),
    ...ownObjectPaths(read).flatMap(({ verb, sub }) =>
      isMethod(read.sample, objectMember(verb, sub)) ? objectPathDefinitions(read, verb, sub) : [],
    ),
    ...blacklist.flatMap((name) => blacklistedDefinitions(read, name, read.placeOf('blacklistEndPoints'))),
  ]
}
