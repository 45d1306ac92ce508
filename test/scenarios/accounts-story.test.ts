import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { secretKinds } from '../../src/accounts/secret.ts'
import { jsonLog } from '../../src/observe/json-log.ts'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'
import type { TestAnswer } from '../../src/testing/test-caller.ts'

const password = 'canary horse battery'

const files = {
  'api/custom.ts': `export default ({ caller }) => caller.kind`,
  'api/customers.ts': `export default () => 'customers'`,
  'api/members.ts': `import { allow, defineEndpoint } from 'postern'
export const GET = defineEndpoint({ authorize: allow.role('member'), handler: ({ caller }) => caller.name })`,
  'api/public/fails.ts': `export default ({ param }) => { throw new Error('no use: ' + param('x')) }`,
  'api/public/echo.ts': `export default ({ query, headers, body, caller }) => ({ query, headers, body, caller })`,
}

describe('the story of a member, over the wire', () => {
  let site: TestSite
  before(async () => {
    site = await openTestSite({
      files,
      settings: { accounts: { roles: { member: [] }, register: { roles: ['member'], verify: false } } },
    })
  })
  after(() => site.close())

  const ask = (request: string, asking: Parameters<TestSite['request']>[2] = {}): Promise<TestAnswer> => {
    const [method = '', path = ''] = request.split(' ')
    return site.request(method, path, asking)
  }
  const part = ({ body }: TestAnswer, name: string): string =>
    String((body as { data?: Record<string, unknown> }).data?.[name])
  const login = async (username: string): Promise<TestAnswer> => ask('POST /api/auth', { body: { username, password } })

  it('registers, signs in, sees what members see, signs out, and is refused', async () => {
    const registered = await ask('POST /api/auth/register', { body: { name: 'tom', email: 'tom@site.test', password } })
    assert.equal(registered.status, 201, registered.text)
    assert.equal((await ask('GET /api/members')).status, 401)
    const token = part(await login('tom@site.test'), 'access_token')
    const seen = await ask('GET /api/members', { token })
    assert.deepEqual([seen.status, seen.text], [200, 'tom'])
    assert.equal((await ask('DELETE /api/auth', { token })).status, 204)
    assert.equal((await ask('GET /api/members', { token })).status, 401)
  })

  it('uses two devices, and signs out of both from one', async () => {
    const [phone, desk] = [part(await login('tom'), 'access_token'), part(await login('tom'), 'access_token')]
    assert.equal((await ask('DELETE /api/auth/all', { token: phone })).status, 204)
    for (const token of [phone, desk]) assert.equal((await ask('GET /api/members', { token })).status, 401)
  })

  it('is put out of use, and so is the token that acts for them', async () => {
    const eve = await site.house.accounts.createUser({ name: 'eve', roles: ['member'] })
    const token = await site.token({ user: 'eve' })
    assert.equal((await ask('GET /api/members', { token })).status, 200)
    await site.house.accounts.updateUser(eve.id, { active: false })
    assert.equal((await ask('GET /api/members', { token })).status, 401)
    assert.equal((await ask('GET /api/public/echo', { token })).status, 401)
  })

  it('has a token for /api/custom that does not reach /api/customers', async () => {
    const token = await site.token({ scopes: ['GET /api/custom'] })
    assert.equal((await ask('GET /api/custom', { token })).status, 200)
    for (const path of [
      '/api/customers',
      '/api/custom/',
      '/api/custom/../customers',
      '/api/cust%6fmers',
      '/api/custom%2f..%2fcustomers',
    ]) {
      const told = await ask(`GET ${path}`, { token })
      assert.ok([400, 403, 404].includes(told.status), `${path} → ${told.status}`)
    }
    assert.equal((await ask('POST /api/custom', { token })).status, 403)
  })

  it('sends credentials in a header, a query and a cookie that contradict each other: the first decides', async () => {
    const good = await site.token()
    const headers = { 'x-api-token': good, cookie: 'postern=psc_nonsense' }
    assert.equal((await ask(`GET /api/custom?token=nonsense`, { headers, token: 'nonsense' })).status, 401)
    assert.equal((await ask(`GET /api/custom?token=nonsense`, { headers, token: good })).status, 200)
    assert.equal((await ask(`GET /api/custom?token=nonsense`, { headers })).status, 200)
    assert.equal((await ask(`GET /api/custom?token=${good}`, { headers: { 'x-api-token': 'nonsense' } })).status, 401)
    assert.equal((await ask(`GET /api/custom?token=${good}`, { headers: { cookie: headers.cookie } })).status, 200)
    assert.equal((await ask(`GET /api/custom`, { headers: { cookie: headers.cookie } })).status, 401)
    const twice = await site.raw(
      `GET /api/custom HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${good}\r\nAuthorization: Bearer ${good}\r\nConnection: close\r\n\r\n`,
    )
    assert.match(String(twice), /^HTTP\/1\.1 400[\s\S]*BAD_CREDENTIAL_MIX/)
  })

  /** In every place where one could be sent by mistake, to what answers, refuses, fails and is not there. */
  async function sendEverywhere(secret: string): Promise<void> {
    const name = encodeURIComponent(secret)
    for (const path of ['/api/public/fails', '/api/public/echo', '/api/custom', '/api/auth/first-admin', '/nowhere']) {
      for (const search of [
        'token',
        'access_token',
        'password',
        '%74oken',
        ...(secret === password ? [] : ['link', 'x']),
      ]) {
        await ask(`GET ${path}?${search}=${name}`)
      }
      await ask(`GET ${path}`, { token: name })
      await ask(`GET ${path}`, { headers: { 'x-api-token': name, cookie: `postern=${name}` } })
      await ask(`POST ${path}`, { body: { password: secret, link: secret, name: 1 } })
      await ask('POST /api/auth', { body: { username: 'tom', password: secret, x: 1 } })
    }
  }

  it('V62 P27 leaves no password, token, key or link in any log line, whatever went wrong', async () => {
    const told = await login('tom')
    const secrets = [password, ...['access_token', 'refresh_token', 'device'].map((name) => part(told, name))]
    const token = await site.token({ user: 'tom' })
    const cookie =
      (await ask('POST /api/auth', { body: { username: 'tom', password, cookie: true } })).headers[
        'set-cookie'
      ]?.[0]?.split(';')[0] ?? ''
    const link = (await site.house.accounts.firstAdminLink()) ?? ''
    secrets.push(token, cookie.split('=')[1] ?? '', link.split('link=')[1] ?? '')
    for (const secret of secrets) await sendEverywhere(secret)
    const folder = mkdtempSync(join(tmpdir(), 'postern-log-'))
    const log = jsonLog({ level: 'trace', to: join(folder, 'all.log') })
    for (const seen of site.observed) log.note(seen)
    await log.flush?.()
    const lines = readFileSync(join(folder, 'all.log'), 'utf8')
    rmSync(folder, { recursive: true })
    assert.ok(lines.split('\n').length > 200, 'the sweep saw the log')
    const own = new RegExp(`(${Object.values(secretKinds).join('|')})[\\w-]{10,}`)
    for (const line of lines.split('\n')) assert.doesNotMatch(line, own)
    assert.ok(!lines.includes('canary'))
    const rows = JSON.stringify(await site.house.accounts.listAudit({ limit: 1_000 }))
    for (const secret of secrets) assert.ok(!rows.includes(secret))
  })
})
