/** Reads the sources the way the guards need them: as text, with what each file imports. Nothing is executed. */
import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

/** Path from the project's root, with forward slashes, to text. Guards take one of these, so that a test can plant a fault. */
export type SourceTree = ReadonlyMap<string, string>

export interface Import {
  from: string
  /** As written: './run.ts', 'zod', 'node:fs'. */
  specifier: string
  /** The path it means inside the project; undefined for packages. */
  target: string | undefined
  typeOnly: boolean
}

export function readTree(...patterns: string[]): SourceTree {
  const paths = patterns.flatMap((pattern) => globSync(pattern, { cwd: root, exclude: isForeign }))
  return new Map(
    paths.map((path) => path.replaceAll('\\', '/')).map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )
}

export function importsOf(tree: SourceTree): Import[] {
  return [...tree].filter(([path]) => path.endsWith('.ts')).flatMap(([path, text]) => importsOfFile(path, text))
}

/** Tests and contracts come in through the front door and may stand in any room. */
export function isTest(path: string): boolean {
  return /\.(test|test-d|contract)\.ts$/.test(path)
}

/** The text without comments; close enough for guards that look for words, since the formatter keeps comments on their own. */
export function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')
}

/** Only folders that git does not know either are skipped: a guard that looks away proves nothing. */
function isForeign(path: string): boolean {
  return /(^|[\\/])(node_modules|dist|coverage)$/.test(path)
}

// The formatter puts every static import at the first column, so that text inside functions and templates is not mistaken for one.
const staticImport = /^(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"\n]+)['"]/gm
const dynamicImport = /\bimport\(\s*['"]([^'"\n]+)['"]/g

function importsOfFile(from: string, text: string): Import[] {
  const code = withoutComments(text)
  const still = [...code.matchAll(staticImport)].map(([, type, specifier = '']) => ({
    specifier,
    typeOnly: Boolean(type),
  }))
  const moving = [...code.matchAll(dynamicImport)].map(([, specifier = '']) => ({ specifier, typeOnly: false }))
  return [...still, ...moving].map((found) => ({ ...found, from, target: targetOf(from, found.specifier) }))
}

function targetOf(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined
}
