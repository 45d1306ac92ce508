/** What a hundred times as many objects cost: each content case on 10,000 objects and on many, in turn. */
import { rmSync } from 'node:fs'
import { compare, type Contender } from '../harness/compare.ts'
import { bearer, newFolder, startPostern, type Running } from '../harness/contenders.ts'
import type { Filled } from '../harness/fill.ts'
import { filledFolder } from '../harness/filled-folder.ts'
import { ratioRows } from '../harness/rows.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'
import { contentCases, type ContentCase } from './content.ts'

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
    return await compareSizes(context, fillings)
  } finally {
    for (const { dataDir } of fillings) rmSync(dataDir, { recursive: true, force: true })
  }
}

async function compareSizes(context: Context, fillings: readonly Filling[]): Promise<Row[]> {
  await using servers = new AsyncDisposableStack()
  const sides: { running: Running; filled: Filled }[] = []
  for (const { dataDir, filled } of fillings) {
    sides.push({ running: servers.use(await startPostern({ isolation: 'inline', dataDir })), filled })
  }
  const rows: Row[] = []
  for (const one of contentCases.filter(({ name }) => name.includes(context.only))) {
    context.say(one.name)
    const contenders = sides.map((side) => contender(one, side))
    const aims = Object.fromEntries(contenders.slice(1).map(({ name }) => [name, { ratio: 1.5 }]))
    rows.push(...ratioRows(one.name, await compare(contenders, context), aims))
  }
  return rows
}

function contender(one: ContentCase, { running, filled }: { running: Running; filled: Filled }): Contender {
  const headers = one.token === undefined ? {} : bearer(running.token)
  return {
    name: `${filled.objects.toLocaleString('en')} objects`,
    server: running.server,
    request: () => ({ path: one.path({ filled, random: Math.random }), headers }),
  }
}
