/** The floor of the access cases must let in, refuse and answer as Postern does. */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { accessCases, accessSite, fileIn, ownPath, type AccessSite } from './cases/access.ts'
import { bearer, newFolder, startFloor, startPostern, type Running } from './harness/contenders.ts'
import { fill } from './harness/fill.ts'
import { must } from '../src/errors/must.ts'

describe('the access floor answers as Postern does', () => {
  const dataDir = newFolder()
  const made: { site?: AccessSite; postern?: Running; floor?: Running } = {}
  before(async () => {
    await fill(dataDir, 400, () => {})
    made.site = await accessSite(dataDir)
    made.postern = await startPostern({ isolation: 'inline', dataDir })
    made.floor = await startFloor('bench/floor/access-floor.ts', '', { DATABASE: fileIn(dataDir) })
  })
  after(async () => {
    await made.floor?.[Symbol.asyncDispose]()
    await made.postern?.[Symbol.asyncDispose]()
    rmSync(dataDir, { recursive: true, force: true })
  })

  for (const name of accessCases) {
    test(name, async () => {
      const { secrets, notes, foreign } = must(made.site, 'it was made')
      assert.ok(notes.length > 0)
      const answers = await both(ownPath(notes, 0.5), secrets[name])
      assert.deepEqual(answers[1], answers[0])
      assert.deepEqual([answers[0]?.status, answers[0]?.body.includes('"api":"notes"')], [200, true])
      const refused: [path: string, secret: string, status: number][] = [
        [`/api/notes/${foreign}`, secrets[name], 404],
        [ownPath(notes, 0), `${secrets[name]}x`, 401],
      ]
      for (const [path, secret, status] of refused) {
        assert.deepEqual(
          (await both(path, secret)).map((answer) => answer.status),
          [status, status],
        )
      }
    })
  }

  async function both(path: string, secret: string) {
    return Promise.all([made.postern, made.floor].map((side) => ask(must(side, 'both run'), path, secret)))
  }
})

/** Headers that tell one answer from another, and cannot be the same. */
const own = new Set(['date', 'x-request-id', 'content-length'])

async function ask({ server }: Running, path: string, secret: string) {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: bearer(secret) })
  const body = (await response.text()).replaceAll(`127.0.0.1:${server.port}`, 'bench.example')
  const headers = [...response.headers].filter(([name]) => !own.has(name))
  return { status: response.status, headers: Object.fromEntries(headers), body }
}
