/** What the house costs: the same small answer from the floor and through each of the four sources, in both isolations. */
import { compare } from '../harness/compare.ts'
import { bearer, startFloor, startPostern, type Running } from '../harness/contenders.ts'
import { type Aim, ratioRows } from '../harness/rows.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'

export interface HelloCase {
  readonly name: string
  readonly path: string
  readonly token: boolean
  readonly aim: number
}

export const helloCases: readonly HelloCase[] = [
  { name: 'public, file', path: '/api/public/hello', token: false, aim: 1.25 },
  { name: 'public, controller', path: '/api/greet', token: false, aim: 1.25 },
  { name: 'public, manifest', path: '/greetings/open', token: false, aim: 1.25 },
  { name: 'public, addon', path: '/api/greeter/public', token: false, aim: 1.25 },
  { name: 'token, file', path: '/api/hello', token: true, aim: 1.35 },
  { name: 'token, controller', path: '/api/welcome', token: true, aim: 1.35 },
  { name: 'token, manifest', path: '/greetings/closed', token: true, aim: 1.35 },
  { name: 'token, addon', path: '/api/greeter/hello', token: true, aim: 1.35 },
  { name: 'token and query, file', path: '/api/find?name=Ann&limit=5', token: true, aim: 1.5 },
  { name: 'token and query, controller', path: '/api/seek?name=Ann&limit=5', token: true, aim: 1.5 },
  { name: 'token and query, addon', path: '/api/greeter/find?name=Ann&limit=5', token: true, aim: 1.5 },
]

export const hello: Suite = { name: 'hello', about: 'the house beside bare node:http, same bytes', run }

async function run(context: Context): Promise<Row[]> {
  await using inline = await startPostern({ isolation: 'inline' })
  await using threaded = await startPostern({ isolation: 'thread' })
  await using floor = await startFloor('bench/floor/hello-floor.ts', inline.token)
  const rows: Row[] = []
  for (const one of helloCases) {
    context.say(one.name)
    const contenders = [
      { name: 'floor', of: floor },
      { name: 'inline', of: inline },
      { name: 'thread', of: threaded },
    ].map(({ name, of }) => ({
      name,
      server: of.server,
      request: { path: one.path, headers: one.token ? bearer(of.token) : {} },
    }))
    rows.push(...ratioRows(one.name, await compare(contenders, context), aimsOf(one)))
  }
  rows.push(...(await eachSource(inline, context)))
  return rows
}

/**
 * The same work through each source, beside each other in the same minutes: one road costs the same whoever asked for it. The
 * controller answers in an envelope, which is more work, and is held against its own floor alone.
 */
async function eachSource(inline: Running, context: Context): Promise<Row[]> {
  const name = 'public, each source'
  context.say(name)
  const contenders = helloCases
    .filter((one) => one.name.startsWith('public, ') && one.name !== 'public, controller')
    .map((one) => ({ name: one.name.slice('public, '.length), server: inline.server, request: { path: one.path } }))
  return ratioRows(name, await compare(contenders, context), { manifest: { like: 0.05 }, addon: { like: 0.05 } })
}

function aimsOf(one: HelloCase): Readonly<Record<string, Aim>> {
  return { inline: { ratio: one.aim }, thread: { more: { than: 'inline', by: 10 } } }
}
