import type { ExplorerEndpoint } from '../data/model.ts'

export type Grouping = 'path' | 'module' | 'tag' | 'source'

export interface Group {
  readonly name: string
  readonly endpoints: readonly ExplorerEndpoint[]
}

/** Every word must occur somewhere in the endpoint: method, path, id, description, rule, file, tag. */
export function matching(endpoints: readonly ExplorerEndpoint[], sought: string): readonly ExplorerEndpoint[] {
  const words = sought
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return endpoints
  return endpoints.filter((endpoint) => {
    const text = textOf(endpoint)
    return words.every((word) => text.includes(word))
  })
}

/** The site's own first, then by name; within a group by path, then as one reads, writes and deletes. */
export function grouped(endpoints: readonly ExplorerEndpoint[], by: Grouping): readonly Group[] {
  const groups = new Map<string, ExplorerEndpoint[]>()
  for (const endpoint of endpoints) {
    for (const name of namesOf(endpoint, by)) {
      const group = groups.get(name)
      if (group) group.push(endpoint)
      else groups.set(name, [endpoint])
    }
  }
  return [...groups]
    .map(([name, list]) => ({ name, endpoints: list.toSorted(byPath) }))
    .toSorted((a, b) => Number(isBuiltin(a)) - Number(isBuiltin(b)) || a.name.localeCompare(b.name))
}

function byPath(a: ExplorerEndpoint, b: ExplorerEndpoint): number {
  return a.path === b.path ? order(a) - order(b) : a.path < b.path ? -1 : 1
}

function order({ methods }: ExplorerEndpoint): number {
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].indexOf(methods[0] ?? 'GET')
}

function isBuiltin({ endpoints }: Group): boolean {
  return endpoints.every(({ source }) => source === 'builtin')
}

function namesOf(endpoint: ExplorerEndpoint, by: Grouping): readonly string[] {
  if (by === 'module') return [endpoint.group ?? endpoint.source]
  if (by === 'tag') return endpoint.tags
  if (by === 'source') return [endpoint.source]
  const [, first = '', second = ''] = endpoint.path.split('/')
  const named = first === 'api' && second !== '' && !/^[:*]/.test(second)
  return [named ? `/api/${second}` : `/${first}`]
}

const texts = new WeakMap<ExplorerEndpoint, string>()

function textOf(endpoint: ExplorerEndpoint): string {
  const known = texts.get(endpoint)
  if (known !== undefined) return known
  const { methods, path, id, description, who, file, source, tags } = endpoint
  const text = [...methods, path, id, description, who, file, source, ...tags].join(' ').toLowerCase()
  texts.set(endpoint, text)
  return text
}
