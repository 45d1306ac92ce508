/** What a site's own endless code does to the others: the slowest hundredth of /api/objects while an endpoint spins. */
import { startPostern, bearer, type Running } from '../harness/contenders.ts'
import { load, quantile } from '../harness/load.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'

export const neighbours: Suite = {
  name: 'neighbours',
  about: 'built-in endpoints while a custom one keeps its thread busy',
  run,
}

async function run(context: Context): Promise<Row[]> {
  await using postern = await startPostern({ isolation: 'thread' })
  await listed(context, postern)
  context.say('alone')
  const alone = await listed(context, postern)
  context.say('beside a spinning endpoint')
  const spinning = load({
    port: postern.server.port,
    request: { path: '/api/spin', headers: bearer(postern.token) },
    connections: 2,
    milliseconds: context.turn * 2,
  })
  const beside = await listed(context, postern)
  await spinning
  const value = quantile(beside.latencies, 0.99)
  const base = quantile(alone.latencies, 0.99)
  return [
    { case: 'p99 of /api/objects', contender: 'alone', value: base, unit: 'ms' },
    {
      case: 'p99 of /api/objects',
      contender: 'beside a spinning endpoint',
      value,
      unit: 'ms',
      ratio: value / base,
      aim: '≤ 20 ms',
      met: value <= 20,
    },
  ]
}

function listed(context: Context, postern: Running): ReturnType<typeof load> {
  return load({
    port: postern.server.port,
    request: { path: '/api/objects' },
    connections: 8,
    milliseconds: context.turn * 2,
    pause: 5,
  })
}
