import type { ExplorerEndpoint } from '../data/model.ts'
import type { Draft } from './draft.ts'
import { addressOf } from './draft.ts'

export interface Subject {
  readonly endpoint: ExplorerEndpoint
  readonly draft: Draft
  /** The site's address. */
  readonly url: string
  /** Sent as a bearer; copied in place, because a line that cannot be run is of no use. */
  readonly token: string | undefined
}

/** One shell line; every part is quoted for a POSIX shell. */
export function asCurl(subject: Subject): string {
  const { draft, token, url } = subject
  const address = url + addressOf(subject.endpoint, draft)
  // Without -g, curl takes brackets for a pattern of its own.
  const parts = [/[[\]{}]/.test(address) ? 'curl -i -g' : 'curl -i']
  if (draft.verb !== 'GET') parts.push(`-X ${draft.verb}`)
  if (token) parts.push(`-H ${shell(`Authorization: Bearer ${token}`)}`)
  if (hasBody(subject)) parts.push("-H 'Content-Type: application/json'", `--data-raw ${shell(draft.body)}`)
  return [...parts, shell(address)].join(' ')
}

export function asFetch(subject: Subject): string {
  const { draft, endpoint, token, url } = subject
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(hasBody(subject) ? { 'content-type': 'application/json' } : {}),
  }
  const options = [
    ...(draft.verb === 'GET' ? [] : [`  method: ${quoted(draft.verb)},`]),
    ...(Object.keys(headers).length > 0 ? [`  headers: ${JSON.stringify(headers)},`] : []),
    ...(hasBody(subject)
      ? [`  body: ${isJson(draft.body) ? `JSON.stringify(${draft.body.trim()})` : quoted(draft.body)},`]
      : []),
  ]
  const address = quoted(url + addressOf(endpoint, draft))
  const call = options.length > 0 ? `fetch(${address}, {\n${options.join('\n')}\n})` : `fetch(${address})`
  return `const answer = await ${call}\nconsole.log(answer.status, await answer.text())`
}

/** A call of `postern/client`, as its generated types take it. */
export function asClient(subject: Subject): string {
  const { draft, endpoint, token, url } = subject
  const query = {
    ...filled(draft.query),
    ...Object.fromEntries(draft.extra.filter(({ name }) => name).map((one) => [one.name, one.value])),
  }
  const input = [
    ...(Object.keys(filled(draft.params)).length > 0 ? [`params: ${JSON.stringify(draft.params)}`] : []),
    ...(Object.keys(query).length > 0 ? [`query: ${JSON.stringify(query)}`] : []),
    ...(hasBody(subject) ? [`body: ${isJson(draft.body) ? draft.body.trim() : quoted(draft.body)}`] : []),
  ]
  const options = token ? `, { token: ${quoted(token)} }` : ''
  const name = quoted(`${draft.verb} ${endpoint.path}`)
  return [
    "import { createClient } from 'postern/client'",
    "import type { Site } from './postern-site.ts'",
    '',
    `const api = createClient<Site>(${quoted(url)}${options})`,
    `const answer = await api.call(${name}${input.length > 0 ? `, { ${input.join(', ')} }` : ''})`,
  ].join('\n')
}

function hasBody({ endpoint, draft }: Subject): boolean {
  return endpoint.operations[draft.verb]?.inputs.body !== undefined && draft.body.trim() !== ''
}

/** Only what is JSON is code as well; anything else goes as the text that it is. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function filled(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}

function shell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
  return `'${escaped.replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`
}
