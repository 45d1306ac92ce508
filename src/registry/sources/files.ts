import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineEndpoint, isDefinedEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { isVerb, verbs, type Verb } from '../../endpoint/method.ts'
import { parsePathPattern } from '../../endpoint/path-pattern.ts'
import type { Definition } from '../../endpoint/record.ts'
import { toDefinition } from '../../endpoint/to-definition.ts'
import type { Place } from '../../errors/postern-error.ts'
import { lineOfExport } from '../export-line.ts'
import { mergeLoaded, onlyProblems } from '../loaded.ts'
import { findCode } from '../site-files.ts'
import type { Loaded, SiteFolder, Source } from '../site-folder.ts'
import { fatalProblem, thrownProblem } from '../site-problem.ts'
import { readFilePath, type FilePath } from './file-path.ts'

/** Endpoints from the place and the exports of the files below `api/`. */
export const files: Source = { name: 'files', load: loadFiles }

async function loadFiles(site: SiteFolder): Promise<Loaded> {
  const found = await findCode(site.root, 'api')
  const names = found.files.filter((name) => !/^controller\.m?[tj]s$/.test(name))
  const each = await Promise.all(names.map((name) => loadFile(site, name)))
  return mergeLoaded([onlyProblems(...found.problems), ...each])
}

async function loadFile(site: SiteFolder, name: string): Promise<Partial<Loaded>> {
  const file = `api/${name}`
  try {
    const place = readPlace(site, name)
    const exported = await site.importModule(join(site.root, file))
    // It was read a moment ago to be imported; waiting for hundreds of such reads costs more than they do.
    const text = readFileSync(join(site.root, file), 'utf8')
    return readExports(site, { file, place, text, exported })
  } catch (thrown) {
    return onlyProblems(thrownProblem(site.root, file, thrown))
  }
}

function readPlace(site: SiteFolder, name: string): FilePath {
  const place = readFilePath(site.settings.api.base, name)
  parsePathPattern(place.path)
  return place
}

interface LoadedFile {
  readonly file: string
  readonly place: FilePath
  readonly text: string
  readonly exported: Readonly<Record<string, unknown>>
}

function readExports(site: SiteFolder, loaded: LoadedFile): Partial<Loaded> {
  const names = namesOf(loaded.exported)
  const complaints =
    names.length === 0 ? [{ name: 'default', ...nothing }] : names.flatMap((name) => complain(name, loaded))
  if (complaints.length > 0) {
    return { problems: complaints.map(({ name, ...said }) => fatalProblem(site.root, placeOf(loaded, name), said)) }
  }
  return { definitions: names.flatMap((name) => define(site, loaded, name)) }
}

/** A file without any import or export is taken for CommonJS, where there always is a default. */
function namesOf(exported: LoadedFile['exported']): readonly string[] {
  const common = exported['module.exports']
  if (typeof common === 'object' && common !== null && Object.keys(common).length === 0) return []
  return Object.keys(exported)
    .filter((name) => name !== 'module.exports')
    .sort()
}

const nothing = {
  message: 'This file exports no endpoint.',
  hint: 'Export a default function, or one named GET, POST, PUT, PATCH or DELETE; what is shared goes into a file whose name begins with "_".',
}

interface Complaint {
  readonly name: string
  readonly code?: 'BAD_SITE' | 'ENDPOINT_CONFLICT'
  readonly message: string
  readonly hint?: string
}

function complain(name: string, { place, exported }: LoadedFile): readonly Complaint[] {
  const value = exported[name]
  if (name !== 'default' && !isVerb(name)) return [{ name, message: `"${name}" is no endpoint.`, hint: hintFor(name) }]
  if (name !== 'default' && place.verb !== undefined) {
    const message = `The file's name says ${place.verb}, and the export "${name}" says a verb too.`
    return [
      {
        name,
        code: 'ENDPOINT_CONFLICT',
        message,
        hint: 'Say the verb once: export default, or take it out of the name.',
      },
    ]
  }
  if (!isHandler(value)) {
    const message = `"${name}" is ${describe(value)}, not an endpoint.`
    return [{ name, message, hint: 'Export a function, or what defineEndpoint returns.' }]
  }
  return isDefinedEndpoint(value) ? complainOfDefined(name, value) : []
}

/** The place of a file is its path and verb; saying them again could only contradict it. */
function complainOfDefined(name: string, value: DefinedEndpoint): readonly Complaint[] {
  const said = (['path', 'method'] as const).find((fact) => value[fact] !== undefined)
  if (said === undefined) return []
  return [
    {
      name,
      message: `The place and the exports of a file say its path and verbs; take "${said}" out of defineEndpoint.`,
    },
  ]
}

function hintFor(name: string): string {
  const verb = name.toUpperCase()
  if (isVerb(verb)) return `Verbs are written in capitals: ${verb}.`
  return 'What is shared goes into a file whose name begins with "_".'
}

function isHandler(value: unknown): value is DefinedEndpoint | DefinedEndpoint['handler'] {
  return (
    isDefinedEndpoint(value) ||
    (typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value)))
  )
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a class'
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function define(site: SiteFolder, loaded: LoadedFile, name: string): readonly Definition[] {
  const { place, exported } = loaded
  const value = exported[name]
  const methods = methodsOf(loaded, name)
  if (!isHandler(value) || methods.length === 0) return []
  const defined = isDefinedEndpoint(value) ? value : defineEndpoint({ handler: value as () => unknown })
  return [
    toDefinition(defined, {
      methods,
      path: place.path,
      source: 'files',
      origin: placeOf(loaded, name),
      place: 'site',
      id: `files:${methods.length === verbs.length ? '' : `${methods.join(',')} `}${place.path}`,
      rule: place.public ? 'everyone' : 'token',
      timeout: site.settings.timeout,
      bodyLimit: site.settings.bodyLimit,
    }),
  ]
}

/** The default export answers the verb of the file's name, or every verb that has no export of its own. */
function methodsOf({ place, exported }: LoadedFile, name: string): readonly Verb[] {
  if (isVerb(name)) return [name]
  if (place.verb !== undefined) return [place.verb]
  return verbs.filter((verb) => !(verb in exported))
}

function placeOf({ file, text }: LoadedFile, name: string): Place {
  return { file, line: lineOfExport(text, name) }
}
