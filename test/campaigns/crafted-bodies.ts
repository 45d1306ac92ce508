/**
 * Bodies that somebody made to have them run: sent to every route that takes one, as an administrator, who gets furthest. As
 * a command: `npm run campaign:bodies [-- bodies [seed]]`; the suite runs a short one.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Endpoint } from '../../src/endpoint/record.ts'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'
import { plainIncoming } from '../twin/incoming.ts'

export interface CraftedReport {
  readonly sent: number
  readonly routes: number
  /** How many were answered with each class of status. */
  readonly answers: Readonly<Record<string, number>>
  /** What must never happen, each said once. */
  readonly breaches: readonly string[]
}

export async function sendCrafted(count: number, seed: number): Promise<CraftedReport> {
  const traps = mkdtempSync(join(tmpdir(), 'postern-traps-'))
  await using site = await openTestSite({ files, settings })
  const { accounts } = site.house
  for (const name of ['first', 'second', 'third']) await accounts.createUser({ name, roles: ['member'] })
  let bosses = 0
  const boss = async (): Promise<string> => {
    const { id } = await accounts.createUser({ name: `boss${++bosses}`, roles: ['admin'] })
    return (await accounts.createToken({ name: 'boss', user: id })).token
  }
  let token = await boss()
  const routes = site.house.records().flatMap(routesOf)
  const made = fc.sample(requests(routes, traps), { numRuns: count, seed })
  for (const request of made.slice(0, 200)) await send(site, token, request)
  const watch = watchProcess(site, traps)
  const answers: Record<string, number> = {}
  for (const request of made) {
    const status = await send(site, token, request)
    const kind = `${Math.floor(status / 100)}xx`
    answers[kind] = (answers[kind] ?? 0) + 1
    // Some bodies put out of use whoever sends them: another one goes on.
    if (status === 401 && (await send(site, token, whoAmI)) !== 200) token = await boss()
    if (status >= 500 && status !== 501 && status !== 503)
      watch.breach(`${status} for ${request.method} ${request.target}: ${request.body.slice(0, 300)}`)
  }
  const breaches = watch.end()
  rmSync(traps, { recursive: true })
  return { sent: made.length, routes: routes.length, answers, breaches }
}

interface Crafted {
  readonly method: string
  readonly target: string
  readonly mediaType: string
  readonly body: string
}

const whoAmI: Crafted = { method: 'GET', target: '/api/me', mediaType: 'application/json', body: '' }

async function send(site: TestSite, token: string, { method, target, mediaType, body }: Crafted): Promise<number> {
  const incoming = plainIncoming({ method, target, token, body })
  const headers = { ...incoming.headers, 'content-type': mediaType }
  const answer = await site.house.answer({ ...incoming, headers, rawHeaders: Object.entries(headers).flat() })
  if (answer.body instanceof ReadableStream) await answer.body.cancel()
  return answer.status
}

interface Watch {
  readonly breach: (what: string) => void
  readonly end: () => readonly string[]
}

/** Everything that a body could make this process do beside answering. */
function watchProcess(site: TestSite, traps: string): Watch {
  const breaches = new Set<string>()
  const breach = (what: string): void => void breaches.add(what)
  const onChild = (): void => breach('a process was started')
  const onThrown = (thrown: unknown): void => breach(`thrown where nobody waits: ${String(thrown)}`)
  const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype]
  const shapes = (): string => prototypes.map((one) => Object.getOwnPropertyNames(one).join()).join('\n')
  const before = { files: filesOf(site.root), shapes: shapes() }
  const imports = registerHooks({
    load: (url, context, next) => {
      breach(`imported: ${url}`)
      return next(url, context)
    },
  })
  subscribe('child_process', onChild)
  process.on('unhandledRejection', onThrown).on('uncaughtExceptionMonitor', onThrown)
  return {
    breach,
    end: () => {
      imports.deregister()
      unsubscribe('child_process', onChild)
      process.off('unhandledRejection', onThrown).off('uncaughtExceptionMonitor', onThrown)
      if (filesOf(site.root) !== before.files) breach(`files were written: ${filesOf(site.root)}`)
      if (readdirSync(traps).length > 0) breach(`a trap sprang: ${readdirSync(traps).join()}`)
      if (shapes() !== before.shapes) breach('a prototype was changed')
      return [...breaches]
    },
  }
}

/** All but the data folder, where the database is. */
function filesOf(root: string): string {
  const names = readdirSync(root, { recursive: true }).map(String)
  return names
    .filter((name) => !/^data(?:\/|$)/.test(name))
    .toSorted()
    .join('\n')
}

function routesOf({ methods, path }: Endpoint): { readonly method: string; readonly path: string }[] {
  return methods.filter((method) => method !== 'GET').map((method) => ({ method, path }))
}

function requests(
  routes: readonly { readonly method: string; readonly path: string }[],
  traps: string,
): fc.Arbitrary<Crafted> {
  const value = values(traps)
  const param = fc.constantFrom('1', '2', '999', 'x', '__proto__', 'constructor', '%24where', 'first')
  const json = fc.oneof(objects(value), objects(value), value, fc.anything()).map(asJson)
  const form = fc
    .array(fc.tuple(names, fc.oneof(fc.constantFrom(...code(traps)), fc.string())))
    .map((pairs) => new URLSearchParams(pairs).toString())
  const bodies = fc.oneof(
    { weight: 6, arbitrary: json.map((body) => ({ mediaType: 'application/json', body })) },
    { weight: 1, arbitrary: form.map((body) => ({ mediaType: 'application/x-www-form-urlencoded', body })) },
    { weight: 1, arbitrary: fc.string().map((body) => ({ mediaType: 'application/json', body })) },
    { weight: 1, arbitrary: json.map((body) => ({ mediaType: 'text/javascript', body })) },
  )
  // What keeps or says what it is sent: more often than one in so many.
  const likely = routes.filter(({ path }) => /^\/api\/(?:own|objects(?:\/:id)?)$|cards/.test(path))
  const route = fc.oneof(fc.constantFrom(...routes), fc.constantFrom(...likely))
  return fc.tuple(route, param, bodies).map(([{ method, path }, filled, { mediaType, body }]) => ({
    method,
    target: path.replaceAll(/[:*]\w+/g, filled),
    mediaType,
    body,
  }))
}

/** `__proto__` as a name of its own: what `JSON.parse` of a caller's text may hold. */
function asJson(value: unknown): string {
  const text = JSON.stringify(value, (_name, one: unknown) => (typeof one === 'bigint' ? String(one) : one)) ?? 'null'
  return text.replaceAll('"PROTO"', '"__proto__"')
}

/** Names that bodies of some route have, and names that some server once took for orders. */
const names = fc.constantFrom(
  ...`object_type title code name fields status parent relations children near owner readers count email password roles user scopes
  expires grant_type username refresh_token link id ids query filter sort items operations data body text
  PROTO constructor prototype $where $ne $func $gt toString then valueOf toJSON hasOwnProperty`.split(/\s+/),
)

/** What would leave a file in the folder of traps, or start something, if anybody ran it. */
function code(traps: string): string[] {
  const script = `require('node:fs').writeFileSync(${JSON.stringify(join(traps, 'sprung'))}, '')`
  return [
    script,
    `\${${script}}`,
    `{{${script}}}`,
    `<%= ${script} %>`,
    `;${script}//`,
    `'+${script}+'`,
    `$(touch ${join(traps, 'sprung')})`,
    `\`touch ${join(traps, 'sprung')}\``,
    `| touch ${join(traps, 'sprung')}`,
    `data:text/javascript,${encodeURIComponent(script)}`,
    `file://${join(traps, 'module.mjs')}`,
    '../../../postern.config.ts',
    'node:child_process',
    'constructor.constructor("return process")()',
    `__import__('os').system('touch ${join(traps, 'sprung')}')`,
    '_$$ND_FUNC$$_function (){process.exit(1)}()',
    'x'.repeat(5_000),
  ]
}

function values(traps: string): fc.Arbitrary<unknown> {
  const plain = fc.oneof(
    fc.constantFrom(...code(traps)),
    fc.constantFrom('card', 'on', 'admin', 'password', 'refresh_token', 'ann@example.org', 1, 2, true, null, ''),
    fc.string(),
    fc.integer(),
    fc.double(),
  )
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'value' },
      plain,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 4 }),
    ),
  })).value
}

/** As bodies are mostly shaped, so that they get past the first look. */
function objects(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const card = fc.dictionary(names, value, { maxKeys: 2 })
  // Valid but for what stands in it: this is what is kept, searched and shown.
  const right = { object_type: fc.constant('card'), name: fc.string({ minLength: 1 }), data: value, text: fc.string() }
  return fc.oneof(
    fc.record(right, { requiredKeys: ['object_type', 'name'] }),
    fc.record({ name: right.name, data: value }, { requiredKeys: [] }),
    fc.dictionary(names, value, { maxKeys: 6 }),
    card.map((more) => ({ object_type: 'card', title: 'A card', name: 'x', ...more })),
    fc.array(
      card.map((more) => ({ object_type: 'card', name: 'x', ...more })),
      { maxLength: 3 },
    ),
  )
}

const settings = {
  accounts: { limits: { requests: 0, requestsPerAddress: 0, signIns: 0, signInsPerAddress: 0, badCredentials: 0 } },
}

const files = {
  'types/card.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'card', fields: { name: field.text({ required: true }), data: field.json(), readers: field.accessList(), count: field.integer(), text: field.richText() },
  rules: { read: allow.everyone, create: allow.user, update: allow.user, delete: allow.user }, relations: { near: { to: 'card' } } })`,
  'api/own.ts': `import { defineEndpoint } from 'postern'
import { z } from 'zod'
export const POST = defineEndpoint({ body: z.object({ name: z.string(), data: z.unknown() }).partial(), handler: ({ body }) => body })
export const PUT = ({ param }) => ({ said: param('name') ?? null })`,
  'modules/cards/api.json': JSON.stringify({
    Create: { url_segments: 'api/create/cards', request_type: 'POST', authorization: '*' },
    Search: { url_segments: 'api/search/cards', request_type: 'POST', enableParams: true, authorization: '*' },
  }),
}

if (import.meta.main) {
  const [count = '1000000', seed = '1'] = process.argv.slice(2)
  const most = 20_000
  let left = Number(count)
  for (let round = 0; left > 0; round++, left -= most) {
    const report = await sendCrafted(Math.min(left, most), Number(seed) + round)
    process.stdout.write(`${JSON.stringify(report)}\n`)
    if (report.breaches.length > 0) process.exitCode = 1
  }
}
