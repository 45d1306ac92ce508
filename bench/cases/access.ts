/** What it costs to know who asks and to let them have their own alone: session, scopes, owner rule. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { compare } from '../harness/compare.ts'
import { bearer, newFolder, startFloor, startPostern, type Running } from '../harness/contenders.ts'
import { fill } from '../harness/fill.ts'
import { load, type Request } from '../harness/load.ts'
import { ratioRows } from '../harness/rows.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'
import { openHouse, type OpenHouse } from '../../src/app.ts'
import { openSession } from '../../src/accounts/sessions.ts'
import { findCredentials } from '../../src/accounts/sign-in.ts'
import { must } from '../../src/errors/must.ts'
import { Observer } from '../../src/observe/observer.ts'

export interface AccessSite {
  /** Beside a session the secret of a token that acts for the same user and is limited to notes. */
  readonly secrets: { readonly session: string; readonly 'scoped token': string }
  /** The user's own. */
  readonly notes: readonly number[]
  /** Somebody else's. */
  readonly foreign: number
}

export const accessCases = ['session', 'scoped token'] as const

export const access: Suite = {
  name: 'access',
  about: 'one’s own note, by session or scoped token; how soon a revoked one is refused',
  run,
}

async function run(context: Context): Promise<Row[]> {
  const dataDir = newFolder()
  try {
    await fill(dataDir, 20_000, context.say)
    const { secrets, notes } = await accessSite(dataDir)
    await using postern = await startPostern({ isolation: 'inline', dataDir })
    await using floor = await startFloor('bench/floor/access-floor.ts', '', { DATABASE: fileIn(dataDir) })
    const rows: Row[] = []
    await warmUp(context, [floor, postern], { path: ownPath(notes, 0), headers: bearer(secrets.session) })
    for (const name of accessCases) {
      context.say(name)
      const request = () => ({ path: ownPath(notes, Math.random()), headers: bearer(secrets[name]) })
      const of = (who: string, { server }: Running) => ({ name: who, server, request })
      const measured = await compare([of('floor', floor), of('postern', postern)], context)
      rows.push(...ratioRows(`own note by ${name}`, measured, { postern: { ratio: 1.6 } }))
    }
    return [...rows, await revocationRow(context, { postern, dataDir, path: ownPath(notes, 0) })]
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

interface Revoking {
  readonly postern: Running
  readonly dataDir: string
  readonly path: string
}

/** Revoked by another process on the same database, as the command line or another node does it: how long it still opens. */
async function revocationRow(context: Context, { postern, dataDir, path }: Revoking): Promise<Row> {
  context.say('revoked tokens')
  const house = await openBench(dataDir)
  const taken: number[] = []
  try {
    for (let round = 0; round < 10; round += 1) {
      const { id, token } = await house.accounts.createToken({ name: 'short', user: 'bench' })
      if ((await statusOf(postern, path, token)) !== 200) throw new Error('A new token opens its owner’s note.')
      await house.accounts.revokeToken(id)
      const revoked = performance.now()
      while ((await statusOf(postern, path, token)) !== 401) await sleep(5)
      taken.push(performance.now() - revoked)
    }
  } finally {
    await house.close(1_000)
  }
  const slowest = Math.max(...taken)
  const held = { aim: 'each ≤ 1 s', met: slowest <= 1_000 }
  return {
    case: 'revocation, by another process',
    contender: 'postern',
    value: slowest,
    unit: 'ms',
    minimum: Math.min(...taken),
    rounds: taken,
    ...held,
  }
}

async function statusOf({ server }: Running, path: string, token: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: bearer(token) })
  await answer.arrayBuffer()
  return answer.status
}

/** Both cases run the same code, so the first must not pay alone for its compilation. */
async function warmUp({ connections, turn }: Context, sides: readonly Running[], request: Request): Promise<void> {
  for (const { server } of sides) await load({ port: server.port, request, connections, milliseconds: turn * 2 })
}

export function ownPath(notes: readonly number[], place: number): string {
  return `/api/notes/${notes[Math.floor(place * notes.length)]}`
}

export function fileIn(dataDir: string): string {
  return join(dataDir, 'postern.sqlite')
}

/** Gives the user `bench` of a filled folder a session and a token. */
export async function accessSite(dataDir: string): Promise<AccessSite> {
  const house = await openBench(dataDir)
  try {
    const { accounts, content } = house
    const user = must(await findCredentials(accounts.room, 'bench'), 'filled with it')
    const visit = { address: '127.0.0.1', agent: 'bench', kind: 'bearer' } as const
    const opened = must(await openSession(accounts.room, user, visit), 'nobody changes it meanwhile')
    const scopes = ['GET /api/articles/*', 'GET /api/notes/*']
    const { token } = await accounts.createToken({ name: 'scoped', user: user.id, scopes })
    const rows = (await content.list('note', { page_size: 100 })).data
    const ids = (own: boolean) =>
      rows.filter((row) => (row['owner'] === user.id) === own).map((row) => Number(row['id']))
    if (!('access' in opened.keys)) throw new Error('a bearer session has an access token')
    return {
      secrets: { session: opened.keys.access, 'scoped token': token },
      notes: ids(true),
      foreign: ids(false)[0] ?? 0,
    }
  } finally {
    await house.close(1_000)
  }
}

function openBench(dataDir: string): Promise<OpenHouse> {
  const root = join(import.meta.dirname, '..', 'site')
  const env = { ...process.env, DATA_DIR: dataDir }
  return openHouse({ root, env, flags: {}, mode: 'command', observer: new Observer([]) })
}
