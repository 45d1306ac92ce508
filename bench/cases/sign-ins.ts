/** What a hundred people who sign in at once do to the others, and how many of them come in: hashing is dear on purpose. */
import { availableParallelism } from 'node:os'
import { hashSync, verifySync } from '@node-rs/argon2'
import { passwordCost } from '../../src/accounts/password.ts'
import { startPostern, type Running } from '../harness/contenders.ts'
import { load, quantile, type Load } from '../harness/load.ts'
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

const people = 100

async function run(context: Context): Promise<Row[]> {
  const hashes = hashRate()
  await using postern = await startPostern({ isolation: 'inline' })
  await listed(context, postern)
  context.say('alone')
  const alone = await listed(context, postern)
  context.say('a hundred sign-ins by themselves')
  const signed = await signing(context, postern)
  context.say('beside a hundred sign-ins')
  const meanwhile = signing(context, postern)
  const beside = await listed(context, postern)
  const signedBeside = await meanwhile
  return [
    ...[0.5, 0.99].flatMap((part) => latencyRows(part, alone, beside)),
    { case: 'sign-ins', contender: 'Argon2 on one core', value: hashes, unit: 'requests/s' },
    rateRow('postern, by themselves', signed, hashes),
    rateRow('postern, beside others', signedBeside),
  ]
}

/** How many passwords one core compares in a second, with nothing around it. */
function hashRate(): number {
  const stored = hashSync('nobody has this password', passwordCost)
  const started = performance.now()
  let count = 0
  for (; performance.now() - started < 1_500; count += 1) verifySync(stored, 'a password like any')
  return count / ((performance.now() - started) / 1_000)
}

function latencyRows(part: number, alone: Load, beside: Load): Row[] {
  const name = `p${part * 100} of /api/objects`
  const [base, value] = [quantile(alone.latencies, part), quantile(beside.latencies, part)]
  const held = part === 0.99 ? { aim: '≤ 20 ms', met: value <= 20 } : {}
  return [
    { case: name, contender: 'alone', value: base, unit: 'ms' },
    { case: name, contender: `beside ${people} sign-ins`, value, unit: 'ms', ratio: value / base, ...held },
  ]
}

/** One core is left to the answers, so of two cores one hashes. */
function rateRow(contender: string, { requests, seconds }: Load, hashes?: number): Row {
  const value = requests / seconds
  if (hashes === undefined) return { case: 'sign-ins', contender, value, unit: 'requests/s' }
  const ratio = value / (hashes * Math.max(1, availableParallelism() - 1))
  return { case: 'sign-ins', contender, value, unit: 'requests/s', ratio, aim: '≥ 0.8 × Argon2', met: ratio >= 0.8 }
}

function signing(context: Context, { server }: Running): Promise<Load> {
  return load({ port: server.port, request, connections: people, milliseconds: context.turn * 2, expect: 401 })
}

function listed(context: Context, { server }: Running): Promise<Load> {
  return load({
    port: server.port,
    request: { path: '/api/objects' },
    connections: 8,
    milliseconds: context.turn * 2,
    pause: 5,
  })
}
