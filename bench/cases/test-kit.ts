/** What a site's own tests wait for: a database that is fresh for each of them. */
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'
import { median } from '../harness/compare.ts'
import { quantile } from '../harness/load.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'

export const testKit: Suite = {
  name: 'test-kit',
  about: 'a fresh database for a test of a site with three types, 20 people and 200 objects',
  run,
}

const tests = 100
const most = 5

async function run(context: Context): Promise<Row[]> {
  await using site = await openTestSite({ folder: new URL('../site', import.meta.url), isolation: 'thread' })
  for (let person = 0; person < 20; person += 1) await site.house.accounts.createUser({ name: `person${person}` })
  for (let count = 0; count < 200; count += 1) await write(site, count)
  const fresh = await site.snapshot()
  const times: number[] = []
  for (let count = 0; count < tests; count += 1) {
    context.say(`test ${count + 1} of ${tests}`)
    await write(site, 200 + count)
    const started = performance.now()
    await fresh()
    times.push(performance.now() - started)
    if ((await total(site)) !== 200) throw new Error('The database is not as it was.')
  }
  const sorted = Float64Array.from(times).toSorted()
  return [row('median', median(times), times), row('p90', quantile(sorted, 0.9), times)]
}

function row(name: string, value: number, rounds: readonly number[]): Row {
  const minimum = Math.min(...rounds)
  const aim = { aim: `≤ ${most} ms`, met: value <= most }
  return { case: 'fresh database', contender: `${name} of ${tests} tests`, value, unit: 'ms', minimum, rounds, ...aim }
}

async function write(site: TestSite, number: number): Promise<void> {
  const body = { object_type: 'note', title: `Note ${number}` }
  const answer = await site.as('person1').request('POST', '/api/objects', { body })
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`)
}

async function total(site: TestSite): Promise<unknown> {
  const answer = await site
    .as('person1')
    .request('GET', '/api/objects?filter[object_type]=note&page_size=1&count=exact')
  const { paging } = answer.body as { readonly paging: { readonly total: number } }
  return paging.total
}
