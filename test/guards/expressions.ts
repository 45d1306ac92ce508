import { parseAst } from 'rolldown/parseAst'
import { isTest, type SourceTree } from './source-tree.ts'

/** Every regular expression that the sources write out, with the files it stands in. */
export function expressionsIn(tree: SourceTree): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [path, text] of tree) {
    if (isTest(path)) continue
    for (const { pattern, flags } of regexesIn(parseAst(text, { lang: 'ts' }, path))) {
      const expression = `/${pattern}/${flags}`
      found.set(expression, [...(found.get(expression) ?? []), path])
    }
  }
  return found
}

function regexesIn(node: unknown): { readonly pattern: string; readonly flags: string }[] {
  if (typeof node !== 'object' || node === null) return []
  const below = Object.values(node).flatMap((child) => regexesIn(child))
  return 'regex' in node && isRegex(node.regex) ? [node.regex, ...below] : below
}

function isRegex(value: unknown): value is { pattern: string; flags: string } {
  return typeof value === 'object' && value !== null && 'pattern' in value && 'flags' in value
}
