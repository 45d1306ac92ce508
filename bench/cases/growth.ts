/** What a hundred times as many objects cost: each content case on 10,000 objects and on many, in turn. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { compare, type Contender } from '../harness/compare.ts'
import { bearer, newFolder, startPostern, type Running } from '../harness/contenders.ts'
import type { Filled } from '../harness/fill.ts'
import { filledFolder } from '../harness/filled-folder.ts'
import type { Request } from '../harness/load.ts'
import { ratioRows } from '../harness/rows.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'
import { contentCases, middleOf, pageAfter, type ContentCase } from './content.ts'
import { newArticle } from './create.ts'
import { totalRows } from './totals.ts'

export const growth: Suite = { name: 'growth', about: 'content on 10,000 objects and on many', run }

interface Filling {
  readonly dataDir: string
  readonly filled: Filled
}

async function run(context: Context): Promise<Row[]> {
  const fillings: Filling[] = []
  try {
    for (const objects of [10_000, context.objects]) {
      const dataDir = newFolder()
      fillings.push({ dataDir, filled: await filledFolder(dataDir, objects, context) })
    }
    const totals = 'total'.includes(context.only)
      ? totalRows(fillings.map(({ dataDir, filled }) => ({ objects: filled.objects, file: fileIn(dataDir) })))
      : []
    return [...(await compareSizes(context, fillings)), ...totals]
  } finally {
    for (const { dataDir } of fillings) rmSync(dataDir, { recursive: true, force: true })
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'postern.sqlite')
}

async function compareSizes(context: Context, fillings: readonly Filling[]): Promise<Row[]> {
  await using servers = new AsyncDisposableStack()
  const sides: Side[] = []
  for (const { dataDir, filled } of fillings) {
    sides.push({ running: servers.use(await startPostern({ isolation: 'inline', dataDir })), filled })
  }
  const rows: Row[] = []
  for (const one of cases.filter(({ name }) => name.includes(context.only))) {
    context.say(one.name)
    const contenders: Contender[] = []
    for (const side of sides) contenders.push(await contender(one, side))
    const aims = Object.fromEntries(contenders.slice(1).map(({ name }) => [name, { ratio: 1.5 }]))
    rows.push(...ratioRows(one.name, await compare(contenders, { ...context, expect: one.expect ?? 200 }), aims))
  }
  return rows
}

interface Side {
  readonly running: Running
  readonly filled: Filled
}

interface GrowthCase {
  readonly name: string
  readonly expect?: number
  /** What is asked again and again, by whoever knows the side. */
  readonly request: (side: Side) => Promise<Request> | Promise<() => Request>
}

/** Creates come last: they change what the others read. */
const cases: readonly GrowthCase[] = [
  ...contentCases.map((one) => ({ name: one.name, request: async (side: Side) => reading(one, side) })),
  {
    name: 'deep page by cursor',
    request: async ({ running, filled }) => ({ path: pageAfter(await middleOf(running, filled.objects)) }),
  },
  {
    name: 'create, durable',
    expect: 201,
    request:
      async ({ running }) =>
      () =>
        newArticle(running.token),
  },
]

function reading(one: ContentCase, { running, filled }: Side): () => Request {
  const headers = one.token === undefined ? {} : bearer(running.token)
  return () => ({ path: one.path({ filled, random: Math.random }), headers })
}

async function contender(one: GrowthCase, side: Side): Promise<Contender> {
  const name = `${side.filled.objects.toLocaleString('en')} objects`
  return { name, server: side.running.server, request: await one.request(side) }
}
