import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { siteHouse, type SiteHouse } from '../fixtures/site-house.ts'

const files = {
  'postern.config.ts': 'export default { api: { protected: false } }',
  'types/card.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'card', fields: { name: field.text({ required: true }) }, rules: { read: allow.everyone, create: allow.user, update: allow.owner(), delete: allow.owner() } })`,
  'api/make.post.ts': `export default ({ content, body }) => content.create('card', body)`,
  'hooks/check.ts': `import { defineHook, PosternError } from 'postern'
export default defineHook({ id: 'check', on: 'content:objects.*', before: ({ body, params }) => { if (body.name === 'no') throw new PosternError('CONFLICT', 'Not ' + params.type + ' of that name.') } })`,
  'hooks/sign.ts': `import { defineHook } from 'postern'
export default defineHook({ id: 'sign', on: 'content:objects.create', after: ({ caller }, made) => ({ ...made, signed: caller.name }) })`,
  'hooks/endpoints.ts': `import { defineHook } from 'postern'
export default defineHook({ id: 'endpoints', on: '*', after: () => undefined })`,
}

describe('hooks on content', () => {
  let house: SiteHouse
  let token: string

  before(async () => {
    house = await siteHouse(files)
    token = (await house.person('kim')).token
  })
  after(() => house[Symbol.asyncDispose]())

  const data = (json: unknown): Record<string, unknown> => (json as { data: Record<string, unknown> }).data

  test('run whoever asks: an endpoint or a site handler', async () => {
    const body = { object_type: 'card', name: 'yes' }
    assert.equal(data((await house.ask('POST /api/objects', { token, body })).json)['signed'], 'kim')
    const made = (await house.ask('POST /api/make', { token, body: { name: 'by hand' } })).json as Record<
      string,
      unknown
    >
    assert.equal(made['signed'], 'kim')
    assert.ok(!('signed' in data((await house.ask(`GET /api/objects/${String(made['id'])}`)).json)))
  })

  test('refuse before anything is written', async () => {
    for (const [request, body] of [
      ['POST /api/objects', { object_type: 'card', name: 'no' }],
      ['POST /api/make', { name: 'no' }],
    ] as const) {
      const told = await house.ask(request, { token, body })
      assert.equal(told.status, 409)
      assert.match(told.text, /Not card of that name/)
    }
    const all = (await house.ask('GET /api/objects')).json as { data: { name: string }[] }
    assert.ok(all.data.every((one) => one.name !== 'no'))
  })

  test('never run for who may not', async () => {
    const told = await house.ask('POST /api/objects', { body: { object_type: 'card', name: 'no' } })
    assert.equal(told.status, 401)
  })
})
