/**
 * Plain JSON data as YAML 1.2. Structure is written in block style and every text as a JSON string, which YAML reads as
 * it is: so there is nothing to guess about `no`, `1e3`, colons or line ends.
 */
export function toYaml(value: unknown): string {
  return `${block(value, '').trimStart()}\n`
}

function block(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []'
    return value.map((item: unknown) => `\n${indent}-${nested(item, indent)}`).join('')
  }
  if (typeof value !== 'object' || value === null) return ` ${JSON.stringify(value)}`
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return ' {}'
  return entries.map(([key, item]) => `\n${indent}${keyText(key)}:${nested(item, indent)}`).join('')
}

function nested(value: unknown, indent: string): string {
  return block(value, `${indent}  `)
}

function keyText(key: string): string {
  return /^[A-Za-z_][A-Za-z_-]*$/.test(key) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(key)
    ? key
    : JSON.stringify(key)
}
