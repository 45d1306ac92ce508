import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Place } from '../errors/postern-error.ts'

export interface LoadError {
  /** Relative to the site. */
  readonly at: Place
  readonly message: string
  readonly hint?: string
}

/** Where and what is wrong, read from whatever importing `file` threw: a syntax error, a missing module, an error of its own. */
export function locateLoadError(root: string, file: string, thrown: unknown): LoadError {
  const fallback = { file: inSite(root, file) ?? file }
  if (!(thrown instanceof Error)) return { at: fallback, message: `it threw ${describe(thrown)}.` }
  const place = fromHead(thrown) ?? fromImporter(thrown) ?? fromCheck(file, thrown) ?? fromFrames(root, thrown)
  const at = place ? { ...place, file: inSite(root, place.file) ?? place.file } : fallback
  const hint = hintFor(thrown)
  return { at, message: messageOf(root, thrown), ...(hint === undefined ? {} : { hint }) }
}

/** Errors of the type stripper and of linking begin with `file:line`, the source, and a line of carets. */
function fromHead(error: Error): Place | undefined {
  const lines = (error.stack ?? '').split('\n')
  const head = /^((?:file:|\/|[A-Za-z]:\\).*):(\d+)$/.exec(lines[0] ?? '')
  if (!head) return undefined
  const carets = lines.slice(1, 12).find((line) => /^\s*\^+\s*$/.test(line))
  return { file: pathOf(head[1] ?? ''), line: Number(head[2]), ...(carets ? { column: carets.indexOf('^') + 1 } : {}) }
}

/** A module that is not there: the place is the import that asked for it. */
function fromImporter(error: Error): Place | undefined {
  const [, asked = '', importer] =
    /'([^']+)' (?:is not supported resolving ES modules )?imported from (\S+)$/.exec(error.message) ?? []
  if (importer === undefined) return undefined
  const file = pathOf(importer)
  const lines = textOf(file).split('\n')
  for (const [index, line] of lines.entries()) {
    const found = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/.exec(line)
    if (!found || !names(found[1] ?? '', asked, file)) continue
    return { file, line: index + 1, column: line.indexOf(found[1] ?? '') + 1 }
  }
  return { file }
}

function names(specifier: string, asked: string, importer: string): boolean {
  if (/^\.{1,2}\//.test(specifier)) return resolve(dirname(importer), specifier) === asked
  return specifier === asked || specifier.startsWith(`${asked}/`)
}

/** What only V8 refuses (a name declared twice) comes without a place; a second Node, asked to check the files, tells it. */
function fromCheck(file: string, error: Error): Place | undefined {
  if (!(error instanceof SyntaxError)) return undefined
  for (const one of withImports(file)) {
    const args = ['--check', '--input-type=module', '-']
    const { stderr } = spawnSync(process.execPath, args, { input: stripped(one), encoding: 'utf8', timeout: 5_000 })
    const [, line] = /^\[stdin\]:(\d+)$/m.exec(stderr) ?? []
    const carets = /^( *)\^+$/m.exec(stderr)?.[1]
    if (line !== undefined && stderr.includes(error.message))
      return { file: one, line: Number(line), ...(carets === undefined ? {} : { column: carets.length + 1 }) }
  }
  return undefined
}

const mostChecked = 20

/** The file and those of the site that it imports, nearest first. */
function withImports(file: string): readonly string[] {
  const found = new Set([file])
  for (const one of found) {
    for (const [, specifier = ''] of textOf(one).matchAll(/(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)) {
      if (found.size < mostChecked) found.add(resolve(dirname(one), specifier))
    }
  }
  return [...found]
}

/** Positions stay as they are: types become spaces. */
function stripped(file: string): string {
  const emitWarning = process.emitWarning.bind(process)
  try {
    process.emitWarning = () => {}
    return /\.m?ts$/.test(file) ? stripTypeScriptTypes(textOf(file)) : textOf(file)
  } catch {
    return ''
  } finally {
    process.emitWarning = emitWarning
  }
}

function fromFrames(root: string, error: Error): Place | undefined {
  for (const [, url = '', line, column] of (error.stack ?? '').matchAll(
    /(?:\(|at )((?:file:|\/|[A-Za-z]:\\)[^()\n]*?):(\d+):(\d+)\)?$/gm,
  )) {
    const file = pathOf(url)
    if (inSite(root, file) !== undefined) return { file, line: Number(line), column: Number(column) }
  }
  return undefined
}

function messageOf(root: string, error: Error): string {
  const importer = / imported from \S+$/
  const message = error.message.replace(importer, '').replaceAll(root + sep, '')
  return `${message.replace(/\.?$/, '.')}`
}

function hintFor(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return 'TypeScript runs here with its types stripped: no enum, namespace, parameter property or decorator. Use plain objects and fields.'
  if (code === 'ERR_MODULE_NOT_FOUND')
    return 'Check the spelling; imports of files need their ending, such as `./prices.ts`.'
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING')
    return 'Node strips no types below node_modules: a package that is installed brings JavaScript.'
  return undefined
}

function describe(thrown: unknown): string {
  try {
    return thrown === null ? 'null' : `${typeof thrown} ${JSON.stringify(thrown) ?? ''}`.trim()
  } catch {
    return `a ${typeof thrown}`
  }
}

function inSite(root: string, file: string): string | undefined {
  const path = relative(root, file)
  return path === '' || path.startsWith('..') || path.includes('node_modules') ? undefined : path.split(sep).join('/')
}

function pathOf(url: string): string {
  const plain = url.replace(/[?#].*$/, '')
  return plain.startsWith('file:') ? fileURLToPath(plain) : plain
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
