/** The floor of the content cases must find, order, count and write what Postern does, or its figures are of something else. */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { must } from '../src/errors/must.ts'
import { contentCases } from './cases/content.ts'
import { newArticle } from './cases/create.ts'
import { bearer, newFolder, startFloor, startPostern, type Running } from './harness/contenders.ts'
import { fill, type Filled } from './harness/fill.ts'

describe('the content floor answers as Postern does', () => {
  const dataDir = newFolder()
  const sides: { postern?: Running; floor?: Running; filled?: Filled } = {}
  before(async () => {
    sides.filled = await fill(dataDir, 3_000, () => {})
    sides.postern = await startPostern({ isolation: 'inline', dataDir })
    const env = { DATABASE: join(dataDir, 'postern.sqlite') }
    sides.floor = await startFloor('bench/floor/content-floor.ts', sides.postern.token, env)
  })
  after(async () => {
    await sides.floor?.[Symbol.asyncDispose]()
    await sides.postern?.[Symbol.asyncDispose]()
    rmSync(dataDir, { recursive: true, force: true })
  })

  for (const one of contentCases) {
    test(one.name, async () => {
      const filled = must(sides.filled, 'the folder was filled')
      for (const random of [0, 0.31, 0.62, 0.93]) {
        const path = one.path({ filled, random: () => random })
        const [expected, found] = [await ask(sides.postern, path), await ask(sides.floor, path)]
        assert.equal(expected.status, 200, expected.body)
        assert.ok(!expected.body.includes('"data":[]'), `${path} finds nothing`)
        assert.deepEqual(found, expected, path)
      }
    })
  }

  test('a page by cursor', async () => {
    const path = '/api/articles?filter[price][gte]=100000&sort=price'
    const first = await fetch(address(sides.postern, path))
    const next = /"next":"([^"]+)"/.exec(await first.text())?.[1] ?? ''
    const [expected, found] = [
      await ask(sides.postern, `${path}&cursor=${next}`),
      await ask(sides.floor, `${path}&cursor=${next}`),
    ]
    assert.deepEqual(idsOf(found.body), idsOf(expected.body))
    assert.equal(idsOf(found.body).length, 20)
  })

  test('what one of them creates, the other finds by its words', async () => {
    for (const side of [sides.floor, sides.postern]) {
      const { body = '', headers } = newArticle(must(side, 'both run').token)
      const word = `neologism${side === sides.floor ? 1 : 2}`
      const sent = body.replace('A new article', `A ${word}`)
      const made = await fetch(address(side, '/api/objects'), { method: 'POST', headers: { ...headers }, body: sent })
      assert.equal(made.status, 201, await made.text())
      for (const reader of [sides.postern, sides.floor]) {
        assert.equal(idsOf((await ask(reader, `/api/articles?filter[query]=${word}`)).body).length, 1)
      }
      assert.equal(idsOf((await ask(sides.postern, `/api/articles?filter[substring]=${word.slice(3)}`)).body).length, 1)
    }
  })
})

async function ask(side: Running | undefined, path: string) {
  const { token } = must(side, 'it was started')
  const response = await fetch(address(side, path), { headers: bearer(token) })
  const text = (await response.text()).replaceAll(address(side, ''), 'http://bench.example')
  const headers = [...response.headers.keys()].filter((name) => name !== 'content-length')
  // The fingerprint in a cursor belongs to each side; its length does not.
  const body = text.replaceAll(/"next":"[^"]+"/g, '"next":"…"')
  return { status: response.status, headers, body }
}

function address(side: Running | undefined, path: string): string {
  return `http://127.0.0.1:${must(side, 'it was started').server.port}${path}`
}

function idsOf(body: string): string[] {
  return [...body.matchAll(/"id":(\d+),"object_type":"article"/g)].map(([, id = '']) => id)
}
