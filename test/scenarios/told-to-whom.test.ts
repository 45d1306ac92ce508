import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openTestSite, type TestSite } from '../../src/testing/index.ts'

/** `custom` and `customers` differ by what comes after; the modules' own defaults have further doors that are never told of. */
const files = {
  'postern.config.ts': `import { defineConfig } from 'postern'
export default defineConfig({ api: { protected: false }, explorer: true })`,
  'api/custom.ts': `export const GET = () => 'custom'`,
  'api/customers.ts': `export const GET = () => 'customers'`,
  'api/customers/[id].ts': `export const GET = () => 'customer'\nexport const DELETE = () => 'gone'`,
  'api/controller.ts': `import { allow, ApiController } from 'postern'
export default class Site extends ApiController {
  endPoints = ['friends']
  authorize = { friends: allow.everyone }
  friends() { return [] }
}`,
}

describe('who is told of which endpoint', () => {
  let site: TestSite
  before(async () => {
    site = await openTestSite({ files, isolation: 'inline' })
  })
  after(() => site.close())

  const own = 'GET /api/openapi.json'
  const paths = async (token?: string): Promise<string[]> => {
    const told = await site.request('GET', '/api/openapi.json', token === undefined ? {} : { token })
    return Object.keys((told.body as { paths: object }).paths)
  }

  it('of what the scopes of a token cannot reach its bearer hears nothing', async () => {
    const all = await paths(await site.token())
    assert.ok(all.includes('/api/custom') && all.includes('/api/customers/{id}'), String(all))
    const narrow = await paths(await site.token({ scopes: [own, 'GET /api/custom'] }))
    assert.deepEqual(narrow, ['/api/custom', '/api/openapi.json'])
    const one = await paths(await site.token({ scopes: [own, 'DELETE /api/customers/7'] }))
    assert.deepEqual(one, ['/api/customers/{id}', '/api/openapi.json'])
  })

  it('an endpoint that is switched to hidden is in no list, and is back when it is switched on', async () => {
    const { accounts } = site.house
    const id = site.house.records().find(({ path }) => path === '/api/friends')?.id ?? ''
    const index = async () => Object.keys((await site.request('GET', '/api')).body as object)
    assert.ok((await index()).includes('friends') && (await paths()).includes('/api/friends'))
    await accounts.setSwitch({ endpoint: id, state: 'hide' })
    assert.equal((await site.request('GET', '/api/friends')).status, 404)
    assert.ok(!(await index()).includes('friends') && !(await paths()).includes('/api/friends'))
    const seen = await site.as('root', ['admin']).request('GET', '/api/explorer/endpoints')
    assert.equal(seen.status, 200)
    assert.ok(!seen.text.includes('/api/friends"'))
    await accounts.clearSwitch({ endpoint: id })
    assert.ok((await index()).includes('friends') && (await paths()).includes('/api/friends'))
  })

  it('a further door of an endpoint is in the matrix of the operator alone, with the same rule', async () => {
    const records = site.house.records()
    const hidden = records.filter((record) => record.hidden === true)
    assert.ok(hidden.length > 0, 'the site has such doors')
    const told = await Promise.all([
      site.request('GET', '/api'),
      site.request('GET', '/api/openapi.json'),
      site.as('root', ['admin']).request('GET', '/api/openapi.json'),
      site.as('root', ['admin']).request('GET', '/api/explorer/endpoints'),
    ])
    for (const { path, rule } of hidden) {
      const shown = path.replaceAll(/[:*](\w+)/g, '{$1}')
      for (const { text } of told) assert.ok(!text.includes(`"${path}"`) && !text.includes(`"${shown}"`), path)
      assert.notEqual(rule, undefined, `${path} says who may call it`)
    }
  })

  it('an administrator hears why of whoever has a secret, and the secret goes nowhere', async () => {
    const secret = await site.token({ scopes: ['GET /api/custom'] })
    const body = { method: 'GET', path: '/api/customers', as: { credential: secret } }
    const told = await site.as('root', ['admin']).request('POST', '/api/explorer/why', { body })
    assert.partialDeepStrictEqual(told.body, { status: 403, steps: [{}, {}, { code: 'OUT_OF_SCOPE' }] })
    assert.match(String(told.headers['cache-control']), /no-store/)
    assert.equal((await site.as('tom').request('POST', '/api/explorer/why', { body })).status, 403)
    const twice = { ...body, as: { credential: secret, user: 'root' } }
    assert.equal((await site.as('root', ['admin']).request('POST', '/api/explorer/why', { body: twice })).status, 422)
    assert.ok(!JSON.stringify(site.observed).includes(secret) && !told.text.includes(secret))
  })
})
