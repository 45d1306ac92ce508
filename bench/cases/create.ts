/** Durable creates: how many a second are on disk, beside a floor that commits in groups and one that commits one by one. */
import { load, type Request } from '../harness/load.ts'
import { bearer, startFloor, type Running } from '../harness/contenders.ts'
import { median } from '../harness/compare.ts'
import type { Context, Row } from '../harness/suite.ts'

interface Writing {
  readonly postern: Running
  readonly env: Readonly<Record<string, string>>
}

/** One writer at a time: two processes that write into one file would measure each other's locks. */
export async function createRows(context: Context, { postern, env }: Writing): Promise<Row[]> {
  await using grouped = await startFloor('bench/floor/content-floor.ts', postern.token, env)
  await using single = await startFloor('bench/floor/content-floor.ts', postern.token, { ...env, COMMIT: 'one' })
  const rates: Record<string, number[]> = { floor: [], 'floor, one by one': [], postern: [] }
  for (let round = 0; round < context.rounds; round += 1) {
    context.say(`durable creates, round ${round + 1}`)
    rates['floor']?.push(await rate(context, grouped, postern.token))
    rates['floor, one by one']?.push(await rate(context, single, postern.token))
    rates['postern']?.push(await rate(context, postern, postern.token))
  }
  const [floor = 0, slow = 0, own = 0] = Object.values(rates).map(median)
  return [
    row('floor', rates['floor'] ?? [], {}),
    row('floor, one by one', rates['floor, one by one'] ?? [], {}),
    row('postern', rates['postern'] ?? [], {
      ratio: own / floor,
      aim: '≥ 0.7 × floor, ≥ 5 × one by one',
      met: own >= 0.7 * floor && own >= 5 * slow,
    }),
  ]
}

function row(contender: string, rates: readonly number[], rest: Partial<Row>): Row {
  return { case: 'create, durable', contender, value: median(rates), unit: 'requests/s', rounds: rates, ...rest }
}

let count = 0

async function rate(context: Context, { server }: Running, token: string): Promise<number> {
  const result = await load({
    port: server.port,
    request: () => newArticle(token),
    connections: context.connections,
    milliseconds: context.turn,
    expect: 201,
  })
  const wrong = Object.entries(result.unexpected)
  if (wrong.length > 0) throw new Error(`creates were answered ${JSON.stringify(wrong)}`)
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
