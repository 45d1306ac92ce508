/** What a hundred people who sign in at once do to the others, and how many of them come in: hashing is dear on purpose. */
import { startPostern, type Running } from '../harness/contenders.ts'
import { load, quantile } from '../harness/load.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'

export const signIns: Suite = {
  name: 'sign-ins',
  about: 'built-in endpoints while a hundred sign-ins wait for their hash',
  run,
}

/** Nobody has this name, which costs what a wrong password costs. */
const request = {
  method: 'POST',
  path: '/api/auth',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ username: 'nobody', password: 'a password like any' }),
}

async function run(context: Context): Promise<Row[]> {
  await using postern = await startPostern({ isolation: 'inline' })
  await listed(context, postern)
  context.say('alone')
  const alone = await listed(context, postern)
  context.say('beside a hundred sign-ins')
  const { port } = postern.server
  const signing = load({ port, request, connections: 100, milliseconds: context.turn * 2, expect: 401 })
  const beside = await listed(context, postern)
  const signed = await signing
  const value = quantile(beside.latencies, 0.99)
  const base = quantile(alone.latencies, 0.99)
  const name = 'p99 of /api/objects'
  return [
    { case: name, contender: 'alone', value: base, unit: 'ms' },
    {
      case: name,
      contender: 'beside 100 sign-ins',
      value,
      unit: 'ms',
      ratio: value / base,
      aim: '≤ 20 ms',
      met: value <= 20,
    },
    { case: 'sign-ins', contender: 'postern', value: signed.requests / signed.seconds, unit: 'requests/s' },
  ]
}

function listed(context: Context, postern: Running): ReturnType<typeof load> {
  const { port } = postern.server
  return load({ port, request: { path: '/api/objects' }, connections: 8, milliseconds: context.turn * 2, pause: 5 })
}
