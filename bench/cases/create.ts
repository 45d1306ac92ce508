/** Durable creates: how many a second are on disk, beside a floor that commits in groups and one that commits one by one. */
import { load, type Request } from '../harness/load.ts'
import { bearer, startFloor, type Running } from '../harness/contenders.ts'
import { median, refuseUnexpected, warmUp, type Contender } from '../harness/compare.ts'
import { fsyncTime } from '../harness/fsync-time.ts'
import type { Server } from '../harness/processes.ts'
import type { Context, Row } from '../harness/suite.ts'

interface Writing {
  readonly postern: Running
  readonly env: Readonly<Record<string, string>>
}

/** One writer at a time: two processes that write into one file would measure each other's locks. */
export async function createRows(context: Context, { postern, env }: Writing): Promise<Row[]> {
  await using grouped = await startFloor('bench/floor/content-floor.ts', postern.token, env)
  await using single = await startFloor('bench/floor/content-floor.ts', postern.token, { ...env, COMMIT: 'one' })
  const sides = [grouped, single, postern]
  for (const { server } of sides) await warmUp(creating(server, postern.token), { ...context, expect: 201 })
  const disk: number[] = []
  const rates: number[][] = [[], [], []]
  for (let round = 0; round < context.rounds; round += 1) {
    context.say(`durable creates, round ${round + 1}`)
    disk.push(fsyncTime(env['DATABASE'] ?? ''))
    for (const [index, { server }] of sides.entries()) rates[index]?.push(await rate(context, server, postern.token))
  }
  return rowsOf(disk, rates)
}

function rowsOf(disk: readonly number[], [grouped = [], single = [], postern = []]: readonly number[][]): Row[] {
  const toGrouped = median(postern) / median(grouped)
  const toSingle = median(postern) / median(single)
  return [
    { case: 'create, durable', contender: 'fsync of the disk', value: median(disk), unit: 'µs', rounds: disk },
    row('floor', grouped, {}),
    row('floor, one by one', single, {}),
    row('postern', postern, { ratio: toGrouped, aim: '≥ 0.7 × floor', met: toGrouped >= 0.7 }),
    row('postern to one by one', postern, { ratio: toSingle, aim: '≥ 5 × one by one', met: toSingle >= 5 }),
  ]
}

function row(contender: string, rates: readonly number[], rest: Partial<Row>): Row {
  return { case: 'create, durable', contender, value: median(rates), unit: 'requests/s', rounds: rates, ...rest }
}

let count = 0

function creating(server: Server, token: string): Contender {
  return { name: 'creates', server, request: () => newArticle(token) }
}

async function rate(context: Context, { port }: Server, token: string): Promise<number> {
  const { connections, turn } = context
  const request = (): Request => newArticle(token)
  const result = await load({ port, request, connections, milliseconds: turn, expect: 201 })
  refuseUnexpected('creates', result)
  return result.requests / result.seconds
}

/** As an ordinary client would send it; no two alike. */
export function newArticle(token: string): Request {
  count += 1
  const code = `N${process.pid}-${count}`
  const body = {
    object_type: 'article',
    slug: code.toLowerCase(),
    title: `A new article, number ${count}`,
    code,
    category: 'new',
    price: count % 1_000_000,
    body: 'Some text of an ordinary length, which nobody will ever read but which has to be kept all the same. '.repeat(
      4,
    ),
  }
  return {
    method: 'POST',
    path: '/api/objects',
    headers: { ...bearer(token), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}
