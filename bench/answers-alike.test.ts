/** A floor that answers something else is no floor: each case is asked of both sides, and every byte must be the same. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { helloCases } from './cases/hello.ts'
import { must } from '../src/errors/must.ts'
import { bearer, startFloor, startPostern, type Running } from './harness/contenders.ts'

/** Headers that tell one answer from another, and cannot be the same. */
const own = new Set(['date', 'x-request-id'])

describe('the floor answers as Postern does', () => {
  let postern: Running | undefined
  let floor: Running | undefined
  before(async () => {
    postern = await startPostern({ isolation: 'thread' })
    floor = await startFloor('bench/floor/hello-floor.ts', postern.token)
  })
  after(async () => {
    await floor?.[Symbol.asyncDispose]()
    await postern?.[Symbol.asyncDispose]()
  })

  function both(): { postern: Running; floor: Running } {
    return { postern: must(postern, 'Postern was started'), floor: must(floor, 'the floor was started') }
  }

  for (const one of helloCases) {
    test(one.name, async () => {
      const sides = both()
      const headers = { ...(one.token ? bearer(sides.postern.token) : {}), host: 'bench.example' }
      const [expected, found] = await Promise.all([
        ask(sides.postern, one.path, headers),
        ask(sides.floor, one.path, headers),
      ])
      assert.equal(expected.status, 200, expected.body)
      assert.deepEqual(found, expected)
    })
  }

  test('both refuse a wrong token and a value that does not fit', async () => {
    const sides = both()
    const rows: [path: string, token: string, status: number][] = [
      ['/api/hello', 'wrong', 401],
      ['/api/find?name=', sides.postern.token, 400],
      ['/api/find?nam=Ann', sides.postern.token, 400],
      ['/api/find?name=Ann&limit=1000', sides.postern.token, 400],
    ]
    for (const [path, token, status] of rows) {
      const answers = await Promise.all([sides.postern, sides.floor].map((side) => ask(side, path, bearer(token))))
      assert.deepEqual(
        answers.map((answer) => answer.status),
        [status, status],
        path,
      )
    }
  })
})

async function ask(side: Running, path: string, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`http://127.0.0.1:${side.server.port}${path}`, { headers })
  const body = (await response.text()).replaceAll(`127.0.0.1:${side.server.port}`, 'bench.example')
  const kept = [...response.headers].filter(([name]) => !own.has(name) && name !== 'content-length')
  return { status: response.status, headers: Object.fromEntries(kept), body }
}
