/** Many endpoints: how long a registry takes to build, and whether finding one in ten thousand costs more than one in ten. */
import { defaultBodyLimit, defaultTimeout, type Endpoint } from '../../src/endpoint/record.ts'
import { buildRegistry } from '../../src/registry/build.ts'
import { median } from '../harness/compare.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'

export const routes: Suite = { name: 'routes', about: 'ten thousand endpoints beside ten', run }

const lookups = 1_000_000

async function run(context: Context): Promise<Row[]> {
  const few = recordsOf(10)
  const many = recordsOf(10_000)
  const building = { few: [] as number[], many: [] as number[] }
  const finding = { few: [] as number[], many: [] as number[] }
  for (let round = 0; round <= context.rounds; round += 1) {
    context.say(round === 0 ? 'warming up' : `round ${round}`)
    const small = timed(() => buildRegistry(few))
    const large = timed(() => buildRegistry(many))
    const ways = [finding.few, finding.many]
    const spent = [find(small.result.route, 10), find(large.result.route, 10_000)]
    if (round === 0) continue
    building.few.push(small.ms)
    building.many.push(large.ms)
    for (const [index, ms] of spent.entries()) ways[index]?.push((ms * 1_000) / lookups)
  }
  return [...buildRows(building), ...findRows(finding)]
}

function buildRows({ few, many }: { few: number[]; many: number[] }): Row[] {
  const value = median(many)
  return [
    { case: 'register', contender: '10 endpoints', value: median(few), unit: 'ms', rounds: few },
    {
      case: 'register',
      contender: '10,000 endpoints',
      value,
      unit: 'ms',
      rounds: many,
      aim: '≤ 1,000 ms',
      met: value <= 1_000,
    },
  ]
}

function findRows({ few, many }: { few: number[]; many: number[] }): Row[] {
  const [base, value] = [median(few), median(many)]
  const ratio = value / base
  return [
    { case: 'route', contender: 'of 10', value: base, unit: 'µs', rounds: few },
    { case: 'route', contender: 'of 10,000', value, unit: 'µs', ratio, rounds: many, aim: '≤ 1 µs', met: value <= 1 },
  ]
}

function find(route: (method: string, path: string) => unknown, count: number): number {
  const paths = Array.from({ length: 10 }, (_, index) => pathOf(Math.floor((index * count) / 10)).replace(':id', '42'))
  const started = performance.now()
  for (let index = 0; index < lookups; index += 1) route('GET', paths[index % 10] ?? '')
  return performance.now() - started
}

function recordsOf(count: number): Endpoint[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `bench:${index}`,
    methods: ['GET'],
    path: pathOf(index),
    source: 'files',
    origin: { file: `api/e${index}.ts`, line: 1 },
    rule: 'everyone',
    place: 'site',
    schemas: {},
    timeout: defaultTimeout,
    bodyLimit: defaultBodyLimit,
  }))
}

/** Every third has a parameter. */
function pathOf(index: number): string {
  return index % 3 === 0 ? `/api/group${index % 50}/e${index}/:id` : `/api/group${index % 50}/e${index}`
}

function timed<T>(work: () => T): { result: T; ms: number } {
  const started = performance.now()
  const result = work()
  return { result, ms: performance.now() - started }
}
