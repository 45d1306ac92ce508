/** The line of a module's text in which a name is exported, counted from 1; 1 where it cannot be told. */
export function lineOfExport(text: string, name: string): number {
  const declared =
    name === 'default'
      ? /^[ \t]*export\s+default\b/m
      : new RegExp(
          `^[ \\t]*export\\s+(?:async\\s+)?(?:function\\s*\\*?|const|let|var|class)\\s+${escape(name)}(?![\\w$])`,
          'm',
        )
  const listed = new RegExp(`^[ \\t]*export\\s*\\{[^}]*?\\b${escape(name)}(?![\\w$])`, 'm')
  return lineAt(text, declared.exec(text)?.index) ?? lineAt(text, listed.exec(text)?.index) ?? 1
}

/** The line of a class member's declaration; `undefined` where it cannot be told. */
export function lineOfMember(text: string, name: string): number | undefined {
  const member = new RegExp(
    `^[ \\t]*(?:override\\s+|readonly\\s+|async\\s+|static\\s+|\\*)*${escape(name)}\\s*[=(:<]`,
    'm',
  )
  return lineAt(text, member.exec(text)?.index)
}

/** The line at which an object type says a field, behind the line of its export; `undefined` where it cannot be told. */
export function lineOfField(text: string, name: string, after = 1): number | undefined {
  const found = new RegExp(`(?<![\\w$.])${escape(name)}\\s*:\\s*field\\b`, 'm')
  return lineAt(text, indexBehind(text, startOf(text, after), found))
}

/** The same of one of its rules, written `rules.read` or `below.read`. */
export function lineOfRule(text: string, path: `${'rules' | 'below'}.${string}`, after = 1): number | undefined {
  const [block = '', right = ''] = path.split('.')
  const begin = indexBehind(text, startOf(text, after), new RegExp(`(?<![\\w$.])${block}\\s*:\\s*\\{`, 'm'))
  if (begin === undefined) return undefined
  return lineAt(text, indexBehind(text, begin, new RegExp(`(?<![\\w$.])${escape(right)}\\s*:`, 'm')))
}

function startOf(text: string, line: number): number {
  return text
    .split('\n')
    .slice(0, line - 1)
    .join('\n').length
}

function indexBehind(text: string, start: number, pattern: RegExp): number | undefined {
  const found = pattern.exec(text.slice(start))
  return found === null ? undefined : start + found.index
}

function lineAt(text: string, index: number | undefined): number | undefined {
  if (index === undefined) return undefined
  const start = index + (/^\s*/.exec(text.slice(index))?.[0].length ?? 0)
  return text.slice(0, start).split('\n').length
}

function escape(name: string): string {
  return name.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
}
