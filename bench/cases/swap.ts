/** A saved file on a site of a hundred endpoints: how long until it answers, and whether anybody noticed. */
import { rmSync } from 'node:fs'
import { median } from '../harness/compare.ts'
import { startDev, type Running } from '../harness/contenders.ts'
import { load } from '../harness/load.ts'
import { siteWith, writeEndpoint } from '../harness/site-copy.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'

export const swap: Suite = { name: 'swap', about: 'a saved file live, under load, on a site of 100 endpoints', run }

const most = 150
const patience = 5_000

async function run(context: Context): Promise<Row[]> {
  const site = siteWith(100)
  try {
    await using postern = await startDev(site)
    const swaps = context.rounds * 5
    const loading = load({
      port: postern.server.port,
      request: { path: '/api/public/hello' },
      connections: 4,
      milliseconds: swaps * 700,
      pause: 5,
    })
    const times: number[] = []
    for (let count = 1; count <= swaps; count += 1) {
      context.say(`swap ${count} of ${swaps}`)
      times.push(await swapped(postern, site, count))
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    const { requests, unexpected } = await loading
    const failed = Object.values(unexpected).reduce((sum, one) => sum + one, 0)
    return [
      {
        case: 'saved file live',
        contender: 'postern dev',
        value: median(times),
        unit: 'ms',
        rounds: times,
        ...atMost(median(times)),
      },
      {
        case: 'failed meanwhile',
        contender: `of ${requests} requests`,
        value: failed,
        unit: 'requests',
        aim: '0',
        met: failed === 0,
      },
    ]
  } finally {
    rmSync(site, { recursive: true, force: true })
  }
}

function atMost(value: number): Pick<Row, 'aim' | 'met'> {
  return { aim: `≤ ${most} ms`, met: value <= most }
}

/** From the write until the new answer is there. */
async function swapped(postern: Running, site: string, value: number): Promise<number> {
  const started = performance.now()
  writeEndpoint(site, 50, value)
  while (performance.now() - started < patience) {
    const answer = await fetch(`http://127.0.0.1:${postern.server.port}/api/public/many/e50`)
    if ((await answer.text()) === `{"hello":${value}}`) return performance.now() - started
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  throw new Error(`The saved file was not live after ${patience} ms.`)
}
