import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { must } from '../../src/errors/must.ts'
import { postern, startPostern, temporaryFolder } from './command-line.ts'

describe('access from the command line', () => {
  const folder = temporaryFolder()
  const site = folder.path
  const run = (...line: string[]) => postern([...line, '--site', site], { input: 'a long enough password' })

  before(async () => {
    mkdirSync(join(site, 'api', 'public'), { recursive: true })
    mkdirSync(join(site, 'types'))
    mkdirSync(join(site, 'modules', 'members'), { recursive: true })
    writeFileSync(join(site, 'api', 'public', 'hello.ts'), `export const GET = () => 'hello'\n`)
    writeFileSync(join(site, 'api', 'secret.ts'), secretFor(`allow.role('admin')`))
    writeFileSync(join(site, 'types', 'member.ts'), memberType(`allow.role('admin')`))
    writeFileSync(join(site, 'modules', 'members', 'api.json'), manifest)
    writeFileSync(
      join(site, 'modules', 'members', 'members.ts'),
      `export const account = (_call, code) => ({ code })\n`,
    )
    for (const [name, role] of [
      ['ann', 'admin'],
      ['tom', 'member'],
    ] as const) {
      const made = await run('user', 'create', name, '--role', role, '--password-stdin')
      assert.equal(made.code, 0, made.err)
    }
  })
  after(() => folder[Symbol.dispose]())

  test('why: the rule part by part, who decided, in words and for machines', async () => {
    const refused = await run('why', 'GET', '/members/account/AAA', '--as', 'tom')
    assert.equal(refused.code, 0)
    assert.match(refused.out, /✗ authorize .*FORBIDDEN/)
    assert.match(refused.out, /✗ role admin\n\s+✗ the owner of the member whose code is :code/)
    assert.match(refused.out, /→ 403\n$/)
    const passed = await run('why', 'GET', '/members/account/AAA', '--as', 'ann')
    assert.match(passed.out, /✓ role admin/)
    assert.match(passed.out, /→ let through/)
    const stranger = JSON.parse((await run('why', 'get', '/members/account/AAA', '--json')).out) as { status: number }
    assert.equal(stranger.status, 401)
    assert.match((await run('why', 'GET', '/nowhere')).out, /✗ route .*NOT_FOUND[^]*→ 404/)
    assert.match((await run('why', 'POST', '/api/public/hello')).out, /METHOD_NOT_ALLOWED[^]*→ 405/)
  })

  test('why of somebody who is not there, and of a verb that is none, says so', async () => {
    const nobody = await run('why', 'GET', '/api/secret', '--as', 'nobody')
    assert.notEqual(nobody.code, 0)
    assert.match(nobody.err, /nobody/)
    assert.match((await run('why', 'BREW', '/api/secret')).err, /BREW is no method/)
  })

  test('access: the matrix, its lock, and what became more open', async () => {
    const table = await run('access')
    assert.match(table.out, /^METHOD +PATH +anonymous +token +user/)
    assert.match(table.out, /GET +\/api\/secret +no +no +no +yes/)
    assert.match(table.out, /RIGHT +FIELD +anonymous[^]*\nread +member\.wage +no +no +no +yes/)
    const missing = await run('access', '--check')
    assert.equal(missing.code, 1)
    assert.match(missing.err, /access --write/)

    assert.equal((await run('access', '--write')).code, 0)
    assert.ok(readFileSync(join(site, 'access.lock'), 'utf8').includes('/api/secret'))
    assert.deepEqual(await run('access', '--check'), {
      code: 0,
      out: 'Nothing became more open than access.lock says.\n',
      err: '',
    })

    writeFileSync(join(site, 'api', 'secret.ts'), secretFor('allow.nobody'))
    assert.equal((await run('access', '--check')).code, 0, 'closing is no finding')

    writeFileSync(join(site, 'api', 'secret.ts'), secretFor('allow.user'))
    writeFileSync(join(site, 'types', 'member.ts'), memberType('allow.user'))
    const opened = await run('access', '--check')
    assert.equal(opened.code, 1)
    assert.match(opened.err, /GET \/api\/secret: user no → yes/)
    assert.match(opened.err, /read member\.wage: user no → yes/)
    assert.doesNotMatch(opened.err, /anonymous/)
    const json = JSON.parse((await run('access', '--check', '--json')).out) as { opened: string[] }
    assert.ok(json.opened.includes('GET /api/secret: owner no → yes'))
    writeFileSync(join(site, 'api', 'secret.ts'), secretFor(`allow.role('admin')`))
    writeFileSync(join(site, 'types', 'member.ts'), memberType(`allow.role('admin')`))
  })

  test('a broken lock is no reason to say that all is well', async () => {
    writeFileSync(join(site, 'access.lock'), '{"callers":[]')
    const { code, err } = await run('access', '--check')
    assert.equal(code, 1)
    assert.match(err, /access\.lock cannot be read/)
  })

  test('switch: hides, blocks, freezes and retires while the site serves, and opens again', async () => {
    const server = startPostern(['start', '--site', site])
    try {
      const said = await server.says(/http:\/\/127\.0\.0\.1:\d+/)
      const [address = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? []
      const status = async () => (await fetch(`${address}/api/public/hello`)).status
      const reaches = async (wanted: number) => {
        const until = Date.now() + 5_000
        while ((await status()) !== wanted && Date.now() < until)
          await new Promise((resolve) => setTimeout(resolve, 50))
        assert.equal(await status(), wanted)
      }
      assert.equal(await status(), 200)
      const listed = JSON.parse((await run('routes', '--json')).out) as { id: string; path: string }[]
      const hello = must(
        listed.find((one) => one.path === '/api/public/hello'),
        'the site has the file',
      )
      for (const [state, wanted] of [
        ['hide', 404],
        ['block', 405],
        ['freeze', 503],
        ['retire', 410],
      ] as const) {
        assert.equal((await run('switch', 'set', hello.id, state, '--reason', 'a test')).code, 0)
        await reaches(wanted)
        assert.match((await run('switch', 'list')).out, new RegExp(`${state} .*a test`))
      }
      assert.equal((await run('switch', 'clear', hello.id)).code, 0)
      await reaches(200)
      assert.match((await run('switch', 'set', 'no.such', 'hide')).err, /no endpoint "no\.such"/)
      assert.match((await run('switch', 'set', hello.id, 'melt')).err, /one of hide, block, freeze, retire/)
    } finally {
      server.process.kill()
      await server.ended
    }
  })
})

function secretFor(rule: string): string {
  return `import { allow, defineEndpoint } from 'postern'
export const GET = defineEndpoint({ authorize: ${rule}, handler: () => 'secret' })
`
}

function memberType(wageRule: string): string {
  return `import { allow, defineType, field } from 'postern'
export default defineType({
  name: 'member',
  plural: 'members',
  fields: { code: field.text({ index: true }), wage: field.integer({ read: ${wageRule} }) },
  rules: { read: allow.owner() },
})
`
}

const manifest = JSON.stringify({
  'Fetch Account': {
    url_segments: 'members/account',
    request_type: 'GET',
    description: 'Fetch account information',
    authorization: { roles: ['admin'], userOwnedSegment: { column: 'code', segmentNum: 3 } },
  },
})
