import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { must } from '../errors/must.ts'
import type { Asking, TestAnswer, TestCaller } from './test-caller.ts'
import { openTestSite, type TestSite, type TestSiteOptions } from './test-site.ts'

/** One request and what must come of it. */
export interface ScenarioRow extends Asking {
  /** `GET /api/hello?name=you` */
  readonly request: string
  /** Absent: what the request says. */
  readonly name?: string
  /** A user's name, or `role:editor`; absent: nobody. */
  readonly as?: string
  readonly status: number
  /** The code of the problem. */
  readonly code?: string
  /** The whole body, compared strictly. */
  readonly answer?: unknown
  /** A part of the body. */
  readonly contains?: object | RegExp
  /** Null: must not be there. */
  readonly sends?: Readonly<Record<string, string | RegExp | null>>
  /** Must not stand anywhere in the answer, headers included. */
  readonly never?: RegExp
  /** What must hold beside it, such as rows that are not there. */
  readonly also?: (site: TestSite, answer: TestAnswer) => Promise<void> | void
}

export interface ScenarioOptions extends Omit<TestSiteOptions, 'isolation'> {
  /** Where the site's own code runs; each is a run of its own. */
  readonly isolations?: readonly ('thread' | 'inline')[]
  /** Makes what the rows speak of. */
  readonly prepare?: (site: TestSite) => Promise<void>
}

/** Declares a test for each row, in order, on one site, once for each isolation. */
export function scenario(name: string, options: ScenarioOptions, rows: readonly ScenarioRow[]): void {
  const { isolations = ['inline', 'thread'], prepare, ...siteOptions } = options
  assert.ok(rows.length > 0, 'a scenario without rows proves nothing')
  for (const isolation of isolations) {
    void describe(`${name} (${isolation})`, () => {
      let site: TestSite | undefined
      before(async () => {
        site = await openTestSite({ ...siteOptions, isolation })
        await prepare?.(site)
      })
      after(() => site?.close())
      for (const row of rows)
        void test(row.name ?? titleOf(row), () => play(must(site, 'the site was opened before'), row))
    })
  }
}

function titleOf({ request, as, status }: ScenarioRow): string {
  const short = request.length > 100 ? `${request.slice(0, 97)}…` : request
  return `${short}${as === undefined ? '' : ` as ${as}`} → ${status}`
}

async function play(site: TestSite, row: ScenarioRow): Promise<void> {
  const { request, headers, body, token } = row
  const space = request.indexOf(' ')
  const asking = { ...(headers && { headers }), ...('body' in row && { body }), ...(token !== undefined && { token }) }
  const answer = await callerOf(site, row.as).request(request.slice(0, space), request.slice(space + 1), asking)
  judge(answer, row)
  await row.also?.(site, answer)
}

function callerOf(site: TestSite, as: string | undefined): TestCaller {
  if (as === undefined) return site
  return as.startsWith('role:') ? site.asRole(as.slice(5)) : site.as(as)
}

function judge(answer: TestAnswer, row: ScenarioRow): void {
  assert.equal(answer.status, row.status, `status; the answer was ${answer.text.slice(0, 500)}`)
  if (row.code !== undefined) assert.equal(codeOf(answer.body), row.code)
  if ('answer' in row) assert.deepEqual(answer.body, row.answer)
  if (row.contains instanceof RegExp) assert.match(answer.text, row.contains)
  else if (row.contains !== undefined) assert.partialDeepStrictEqual(answer.body, row.contains)
  for (const [name, wanted] of Object.entries(row.sends ?? {})) judgeHeader(answer, name, wanted)
  if (row.never !== undefined) assert.doesNotMatch(JSON.stringify(answer.headers) + answer.text, row.never)
}

function judgeHeader({ headers }: TestAnswer, name: string, wanted: string | RegExp | null): void {
  const found = headers[name]
  if (wanted === null) assert.equal(found, undefined, `header ${name}`)
  else if (typeof wanted === 'string') assert.equal(found, wanted, `header ${name}`)
  else assert.match(String(found), wanted, `header ${name}`)
}

function codeOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
}
