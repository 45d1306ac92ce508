/** What content costs beside prepared statements on the same file: one object, lists, an owner's list, cursors, creates. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { compare, type Contender, type Measured } from '../harness/compare.ts'
import { bearer, newFolder, startFloor, startPostern, type Running } from '../harness/contenders.ts'
import { wordAt, type Filled } from '../harness/fill.ts'
import { filledFolder } from '../harness/filled-folder.ts'
import type { Request } from '../harness/load.ts'
import { type Aim, ratioRows } from '../harness/rows.ts'
import type { Context, Row, Suite } from '../harness/suite.ts'
import { must } from '../../src/errors/must.ts'
import { createRows } from './create.ts'

export interface ContentCase {
  readonly name: string
  readonly aim: number
  /** A path, asked before each request; no two in a row are alike, so that nothing can be answered from memory. */
  readonly path: (facts: Facts) => string
  readonly token?: true
}

export interface Facts {
  readonly filled: Filled
  /** From 0 to 1. */
  readonly random: () => number
}

export const contentCases: readonly ContentCase[] = [
  { name: 'read one', aim: 1.5, path: ({ filled, random }) => `/api/articles/${oneOf(filled.articles, random)}` },
  { name: 'list 20, filtered and sorted', aim: 1.35, path: ({ random }) => pricedFrom(Math.floor(random() * 900_000)) },
  {
    name: 'list 20 by words',
    aim: 1.35,
    path: ({ random }) => `/api/articles?filter[query]=${wordAt(0.3 + random() * 0.7)}`,
  },
  {
    name: 'list 20 by words, best first',
    aim: 1.35,
    path: ({ random }) => `/api/articles?filter[query]=${wordAt(0.3 + random() * 0.7)}&sort=relevance`,
  },
  {
    name: 'list 20 and embed their authors',
    aim: 1.5,
    path: ({ random }) => `${pricedFrom(Math.floor(random() * 900_000))}&embed[relations]=authors`,
  },
  { name: 'list 20 under an owner rule', aim: 1.5, path: () => '/api/notes?sort=-id', token: true },
]

export const content: Suite = { name: 'content', about: 'content beside prepared statements on the same file', run }

export function pricedFrom(least: number): string {
  return `/api/articles?filter[price][gte]=${least}&sort=price`
}

async function run(context: Context): Promise<Row[]> {
  const dataDir = newFolder()
  try {
    const filled = await filledFolder(dataDir, context.objects, context)
    context.say(`${filled.objects} objects in ${filled.seconds.toFixed(1)} s`)
    await using postern = await startPostern({ isolation: 'inline', dataDir })
    const env = { DATABASE: join(dataDir, 'postern.sqlite') }
    await using floor = await startFloor('bench/floor/content-floor.ts', postern.token, env)
    const rows: Row[] = []
    for (const one of contentCases) {
      if (one.name.includes(context.only)) rows.push(...(await runCase(context, { one, filled, postern, floor })))
    }
    if ('page by cursor'.includes(context.only)) rows.push(...(await cursorRows(context, postern)))
    if ('create, durable'.includes(context.only)) rows.push(...(await createRows(context, { postern, env })))
    return rows.map((row) => ({ ...row, case: `${row.case}, ${context.objects.toLocaleString('en')} objects` }))
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

interface Sides {
  readonly one: ContentCase
  readonly filled: Filled
  readonly postern: Running
  readonly floor: Running
}

async function runCase(context: Context, { one, filled, postern, floor }: Sides): Promise<Row[]> {
  context.say(one.name)
  const facts: Facts = { filled, random: Math.random }
  const headers = one.token === undefined ? {} : bearer(postern.token)
  const request = (): Request => ({ path: one.path(facts), headers })
  const contenders = [contender('floor', floor, request), contender('postern', postern, request)]
  const aims: Readonly<Record<string, Aim>> = { postern: { ratio: one.aim } }
  return ratioRows(one.name, await compare(contenders, context), aims)
}

/** Pages from the middle of the list, by cursor, beside the first page of the same list. */
async function cursorRows(context: Context, postern: Running): Promise<Row[]> {
  context.say('deep page by cursor')
  const cursor = await middleOf(postern, context.objects)
  const first = contender('first page', postern, () => ({ path: pageAfter('') }))
  const deep = contender('deep page', postern, () => ({ path: pageAfter(cursor) }))
  const measured: readonly Measured[] = await compare([first, deep], context)
  return ratioRows('page by cursor', measured, { 'deep page': { ratio: 1.2 } })
}

export function pageAfter(cursor: string): string {
  return `/api/articles?sort=price&page_size=20${cursor === '' ? '' : `&cursor=${cursor}`}`
}

/** Where half of the articles are passed, walked in steps of a hundred. */
export async function middleOf({ server }: Running, objects: number): Promise<string> {
  let cursor = ''
  for (let passed = 0; passed < (objects * 0.9) / 2; passed += 100) {
    const path = pageAfter(cursor).replace('page_size=20', 'page_size=100&fields=id')
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`)
    const body = (await answer.json()) as { readonly paging: { readonly next: string | null } }
    cursor = must(body.paging.next, 'there are more pages than half of them')
  }
  return cursor
}

function contender(name: string, { server }: Running, request: () => Request): Contender {
  return { name, server, request }
}

function oneOf<T>(values: readonly T[], random: () => number): T {
  return must(values[Math.floor(random() * values.length)], 'there is at least one')
}
