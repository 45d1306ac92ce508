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
  const start = text
    .split('\n')
    .slice(0, after - 1)
    .join('\n').length
  const found = new RegExp(`(?<![\\w$.])${escape(name)}\\s*:\\s*field\\b`, 'm').exec(text.slice(start))
  return lineAt(text, found === null ? undefined : start + found.index)
}

function lineAt(text: string, index: number | undefined): number | undefined {
  if (index === undefined) return undefined
  const start = index + (/^\s*/.exec(text.slice(index))?.[0].length ?? 0)
  return text.slice(0, start).split('\n').length
}

function escape(name: string): string {
  return name.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
}
