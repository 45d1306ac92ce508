import type { ExplorerEndpoint, ExplorerOperation, Verb } from '../data/model.ts'

/** A request as it is being written. */
export interface Draft {
  readonly verb: Verb
  readonly params: Readonly<Record<string, string>>
  /** Values of the names that the endpoint lists. */
  readonly query: Readonly<Record<string, string>>
  /** Names that were added by hand. */
  readonly extra: readonly Extra[]
  readonly body: string
}

export interface Extra {
  readonly name: string
  readonly value: string
}

export function newDraft(endpoint: ExplorerEndpoint, verb?: Verb): Draft {
  return { verb: verb ?? endpoint.methods[0] ?? 'GET', params: {}, query: {}, extra: [], body: '' }
}

export function operationOf(endpoint: ExplorerEndpoint, draft: Draft): ExplorerOperation | undefined {
  return endpoint.operations[draft.verb]
}

/** The path and query string as they will be sent; parameters that are still empty stay as they are written. */
export function addressOf(endpoint: ExplorerEndpoint, draft: Draft): string {
  const path = endpoint.path.replace(/\/([:*])(\w+)/g, (whole, kind: string, name: string) => {
    const value = draft.params[name] ?? ''
    if (value === '') return whole
    const text = encodeURIComponent(value)
    return `/${kind === '*' ? text.replaceAll('%2F', '/') : text}`
  })
  const listed = Object.entries(draft.query).filter(([, value]) => value !== '')
  const added = draft.extra.filter(({ name }) => name !== '').map(({ name, value }) => [name, value])
  const pairs = [...listed, ...added].map(
    ([name = '', value = '']) => `${encodeName(name)}=${encodeURIComponent(value)}`,
  )
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path
}

/** Brackets and commas are left readable, as the documentation writes them. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll('%5B', '[').replaceAll('%5D', ']')
}
