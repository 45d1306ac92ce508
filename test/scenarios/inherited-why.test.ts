import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ActAs } from '../../src/describe/ports.ts'
import type { Verb } from '../../src/endpoint/method.ts'
import { roomFiles } from '../fixtures/room-files.ts'
import { siteHouse, type SiteHouse } from '../fixtures/site-house.ts'

describe('why, of what lies below a section', () => {
  let house: SiteHouse
  const ids: Record<string, number> = {}

  before(async () => {
    house = await siteHouse(roomFiles)
    const { id } = await house.person('lea')
    await house.person('sam')
    const { content } = house.house
    const make = async (type: string, title: string, more: object = {}): Promise<number> =>
      (ids[title] = (await content.create(type, { title, ...more })).id)
    const club = await make('room', 'club', { readers: { users: [id] } })
    const hall = await make('room', 'hall')
    const drawer = await make('shelf', 'drawer', { parents: [club] })
    await make('doc', 'letter', { parents: [drawer, hall] })
    await make('doc', 'paper')
  })
  after(() => house[Symbol.asyncDispose]())

  async function last(
    method: Verb,
    path: string,
    as: ActAs,
  ): Promise<{ text: string; code?: string; status: number; held: number[] }> {
    const { steps, status } = await house.house.why({ method, path, as })
    const step = steps.at(-1) ?? assert.fail('no step')
    const code = step.code === undefined ? {} : { code: step.code }
    return { text: step.text, ...code, status, held: (step.held ?? []).map((one) => one.section) }
  }
  const club = (): string => `The room ${ids['club']} "club" holds this back: what lies below it may be`

  test('names every section that holds the object back, and what its rule asks', async () => {
    const told = await last('GET', `/api/objects/${ids['letter']}`, { user: 'sam' })
    assert.equal(told.status, 404)
    assert.deepEqual(told.held, [ids['club'], ids['hall']])
    assert.ok(told.text.startsWith('There is such an object of type doc. '), told.text)
    assert.ok(told.text.includes(`${club()} read by whoever is named in its readers, or role admin.`), told.text)
    assert.ok(told.text.includes(`The room ${ids['hall']} "hall" holds this back`), told.text)
  })

  test('names the rule for changing where that one refuses, and none where nothing does', async () => {
    const told = await last('PATCH', `/api/objects/${ids['letter']}`, { user: 'lea' })
    assert.deepEqual([told.status, told.code], [403, 'FORBIDDEN'])
    assert.ok(told.text.includes(`${club()} changed by whoever is named in its writers, or role admin.`), told.text)
    const seen = await last('GET', `/api/objects/${ids['letter']}`, { user: 'lea' })
    assert.deepEqual([seen.status, seen.held], [200, []])
    const admin = await last('DELETE', `/api/objects/${ids['letter']}`, { role: 'admin' })
    assert.deepEqual([admin.status, admin.held], [200, []])
    const open = await last('GET', `/api/objects/${ids['paper']}`, { user: 'sam' })
    assert.deepEqual([open.status, open.held], [200, []])
  })

  test('says why a section shows nothing that it holds, and takes nothing in', async () => {
    const walk = await last('GET', `/api/objects/${ids['club']}/descendants`, { user: 'sam' })
    assert.deepEqual([walk.status, walk.held], [200, [ids['club']]])
    assert.ok(walk.text.includes(club()), walk.text)
    const attach = await last('POST', `/api/objects/${ids['club']}/children`, { user: 'lea' })
    assert.deepEqual([attach.status, attach.code, attach.held], [403, 'FORBIDDEN', [ids['club']]])
    assert.ok(attach.text.includes(`${club()} changed by`), attach.text)
  })

  test('of a list it says which rules rows below sections have to meet, and how many do not', async () => {
    const sam = await last('GET', '/api/docs', { user: 'sam' })
    assert.equal(sam.status, 200)
    assert.match(sam.text, /Of what lies below a room only what may be read by whoever is named in its readers/)
    assert.match(sam.text, /1 row is seen, 1 hidden\./)
    const admin = await last('GET', '/api/docs', { role: 'admin' })
    assert.doesNotMatch(admin.text, /below a room/)
    assert.match(admin.text, /2 rows are seen, 0 hidden\./)
  })
})

test('a rule for what lies below that cannot be enforced stops the start, with its place', async () => {
  const type = (below: string): string => `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'room', section: true, fields: { readers: field.accessList(), text: field.text() },
  rules: { read: allow.everyone }, below: { ${below} } })`
  const table = [
    [`read: allow.listed('raeders')`, /types\/room\.ts:3: .*room\.below\.read .*"raeders"; did you mean "readers"/],
    [`update: allow.listed('text')`, /room\.below\.update .*access-list field, and "text" is none/],
    [`delete: allow.self({ param: 'id' })`, /room\.below\.delete .*path parameter/],
    [`read: allow.when('isOpen')`, /room\.below\.read .*no function "isOpen"/],
    [`read: 'readers'`, /room\.below\.read .*is not a rule/],
    [`create: allow.user`, /room\.below does not know "create"/],
  ] as const
  for (const [below, said] of table) await assert.rejects(siteHouse({ 'types/room.ts': type(below) }), said)
})
