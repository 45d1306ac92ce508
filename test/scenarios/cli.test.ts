import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { postern, temporaryFolder } from './command-line.ts'

describe('the command line itself', () => {
  test('without a word, and with --help, it says what there is', async () => {
    for (const line of [[], ['--help'], ['help'], ['-h']]) {
      const { code, out, err } = await postern(line)
      assert.equal(code, 0)
      assert.match(out, /Usage {2}postern <command>/)
      for (const command of ['new', 'dev', 'start', 'routes', 'token create', 'user create', 'doctor'])
        assert.match(out, new RegExp(`^ {2}${command} `, 'm'))
      assert.equal(err, '')
    }
  })

  test('--version is the version of the package', async () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    const { out } = await postern(['--version'])
    assert.partialDeepStrictEqual(manifest, { version: out.trim() })
  })

  test('each command has help of its own, and opens nothing to show it', async () => {
    for (const line of [
      'new',
      'dev',
      'start',
      'routes',
      'token create',
      'token list',
      'token revoke',
      'user create',
      'user list',
      'user role',
      'user deactivate',
      'doctor',
    ]) {
      const { code, out } = await postern([...line.split(' '), '--help', '--site', '/nowhere'])
      assert.equal(code, 0)
      assert.match(out, new RegExp(`^postern ${line}: `))
    }
    assert.match((await postern(['help', 'token', 'create'])).out, /^postern token create: /)
  })

  const rows: [what: string, line: string[], message: RegExp][] = [
    ['an unknown command, with the nearest', ['rotues'], /no command "rotues"; did you mean "routes"/],
    ['a property that is no command', ['constructor'], /no command "constructor"/],
    ['__proto__', ['__proto__'], /no command "__proto__"/],
    ['the first of two words', ['token'], /another word: "token create", "token list", "token revoke"\./],
    ['half a command, with what it could be', ['token', 'creat'], /did you mean "token create"\?/],
    ['an unknown option, with the nearest', ['routes', '--jsno'], /no option --jsno; did you mean --json/],
    ['a value where none belongs', ['routes', '--json=yes'], /--json/],
    ['no value where one belongs', ['routes', '--site'], /--site/],
    ['a word too many', ['routes', 'extra'], /does not take "extra"/],
    ['a missing word', ['user', 'create'], /needs <name>/],
    ['a token without a name', ['token', 'create'], /--name/],
    ['an id that is none', ['token', 'revoke', '1x'], /not the id/],
    ['no folder and nobody to ask', ['new'], /needs <folder>/],
    ['a folder that is not there', ['routes', '--site', '/nowhere/at/all'], /no folder/],
    ['a folder that is no site', ['routes', '--site', import.meta.dirname], /is no site/],
  ]
  for (const [what, line, message] of rows) {
    test(`${what}: exit code 2, on standard error`, async () => {
      const { code, out, err } = await postern(line)
      assert.equal(code, 2, err)
      assert.match(err, message)
      assert.doesNotMatch(err, /at \w+ \(|node:internal/, 'no stack')
      assert.equal(out, '')
    })
  }
})

describe('a new site', () => {
  const folder = temporaryFolder()
  const site = join(folder.path, 'my-site')
  before(() => postern(['new', site]))
  after(() => folder[Symbol.dispose]())

  const at = (...line: string[]): Promise<Awaited<ReturnType<typeof postern>>> => postern([...line, '--site', site])

  test('has one endpoint of each kind, each with its file and line', async () => {
    const { code, out } = await at('routes', '--json')
    assert.equal(code, 0)
    const routes = JSON.parse(out) as {
      path: string
      source: string
      file: string
      line: number
      rule: unknown
      methods: string[]
      id: string
    }[]
    for (const source of ['files', 'controller', 'manifest', 'addon', 'builtin'])
      assert.ok(
        routes.some((route) => route.source === source),
        source,
      )
    const hello = routes.find(({ path }) => path === '/api/hello')
    assert.partialDeepStrictEqual(hello, { source: 'files', file: 'api/hello.ts', line: 4, rule: 'token' })
    assert.deepEqual(Object.keys(routes[0] ?? {}), ['id', 'methods', 'path', 'source', 'file', 'line', 'rule'])
  })

  test('routes is a table without colours in a pipe, and with them where they are forced', async () => {
    const plain = (await at('routes')).out
    assert.match(plain, /^METHODS +PATH +SOURCE +FILE +RULE$/m)
    assert.match(plain, /^GET\S* +\/api\/public\/hello +files +api\/public\/hello\.ts:4 +everyone$/m)
    assert.doesNotMatch(plain, /\u001B/)
    const forced = await postern(['routes', '--site', site], { env: { FORCE_COLOR: '1' } })
    assert.match(forced.out, /\u001B/)
    const never = await postern(['routes', '--site', site], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })
    assert.doesNotMatch(never.out, /\u001B/)
  })

  test('made by a clone, it takes Postern from there', () => {
    const { dependencies } = JSON.parse(readFileSync(join(site, 'package.json'), 'utf8')) as {
      dependencies: { postern: string }
    }
    const [, folder = ''] = /^file:(.*)$/.exec(dependencies.postern) ?? []
    assert.ok(existsSync(join(site, folder, 'bin', 'postern.js')), dependencies.postern)
    assert.equal(readFileSync(join(site, '.npmrc'), 'utf8'), 'install-links=true\n')
  })

  test('its own tests pass', () => {
    mkdirSync(join(site, 'node_modules'))
    symlinkSync(join(import.meta.dirname, '..', '..'), join(site, 'node_modules', 'postern'))
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_TEST')))
    const line = [
      '--conditions=postern-source',
      '--disable-warning=ExperimentalWarning',
      '--test',
      'tests/site.test.ts',
    ]
    const { status, stdout } = spawnSync(process.execPath, line, { cwd: site, env, encoding: 'utf8' })
    rmSync(join(site, 'node_modules'), { recursive: true })
    assert.equal(status, 0, stdout)
    assert.match(stdout, /pass 2\d/)
  })

  test('is not made over what is there', async () => {
    const before = readFileSync(join(site, 'api/hello.ts'), 'utf8')
    const { code, err } = await postern(['new', site])
    assert.equal(code, 1)
    assert.match(err, /is not empty/)
    assert.equal(readFileSync(join(site, 'api/hello.ts'), 'utf8'), before)
    const over = await postern(['new', join(site, 'package.json')])
    assert.equal(over.code, 1)
    assert.match(over.err, /package\.json is a file\./)
    const below = await postern(['new', join(site, 'package.json', 'deep')])
    assert.equal(below.code, 2)
    assert.match(below.err, /cannot be made: ENOTDIR/)
    assert.doesNotMatch(over.err + below.err, /at \w+ \(|node:internal/)
  })

  test('names of folders are told as a shell takes them', async () => {
    using other = temporaryFolder()
    const { out } = await postern(['new', "Tom's site"], { cwd: other.path })
    assert.match(out, /^ {2}cd 'Tom'\\''s site'$/m)
  })

  test('users: made, listed, given and taken roles, put out of use', async () => {
    const made = await postern(
      [
        'user',
        'create',
        'ann',
        '--email',
        'ann@example.org',
        '--role',
        'member',
        '--password-stdin',
        '--json',
        '--site',
        site,
      ],
      { input: 'correct horse battery\n' },
    )
    assert.equal(made.code, 0, made.err)
    const user = JSON.parse(made.out) as Record<string, unknown>
    assert.partialDeepStrictEqual(user, { name: 'ann', email: 'ann@example.org', roles: ['member'], active: true })
    assert.doesNotMatch(made.out, /horse|argon/, 'neither the password nor its hash is shown')
    assert.match((await at('user', 'list')).out, /ann +ann@example\.org +member +yes/)
    assert.match((await at('user', 'role', 'ann', '--add', 'admin', '--remove', 'member')).out, /ann \(admin\)/)
    assert.match((await at('user', 'deactivate', 'ann')).out, /out of use/)
    const byId = await at('user', 'deactivate', String(user['id']), '--undo', '--json')
    assert.deepEqual(JSON.parse(byId.out), {
      ...user,
      roles: ['admin'],
      modified: (JSON.parse((await at('user', 'list', '--json')).out) as { modified: string }[])[0]?.modified,
    })
  })

  const refused: [what: string, line: string[], code: string][] = [
    ['a name twice', ['user', 'create', 'ann'], 'CONFLICT'],
    ['a role that the site lacks', ['user', 'create', 'bob', '--role', 'emperor'], 'INVALID'],
    ['a user that is not there', ['user', 'role', 'nobody', '--add', 'admin'], 'NOT_FOUND'],
    ['a token for nobody that exists', ['token', 'create', '--name', 'x', '--user', 'nobody'], 'NOT_FOUND'],
    ['a scope that is none', ['token', 'create', '--name', 'x', '--scope', 'FETCH /api'], 'INVALID'],
    ['a token that is not there', ['token', 'revoke', '4711'], 'NOT_FOUND'],
  ]
  for (const [what, line, code] of refused) {
    test(`${what} is refused: exit code 1 and ${code}`, async () => {
      const ran = await at(...line)
      assert.equal(ran.code, 1, ran.err)
      assert.match(ran.err, new RegExp(`\\[${code}\\]`))
      assert.equal(ran.out, '')
    })
  }

  test('tokens: made once, listed without their secret, revoked', async () => {
    const { out } = await at(
      'token',
      'create',
      '--name',
      'bar',
      '--scope',
      'GET /api/custom',
      '--scope',
      'POST /api/custom',
      '--expires',
      '30d',
      '--json',
    )
    const made = JSON.parse(out) as { id: number; token: string }
    assert.deepEqual(Object.keys(made), ['id', 'token'])
    const list = (await at('token', 'list')).out
    assert.match(list, /bar +- +GET \/api\/custom, POST \/api\/custom/)
    assert.ok(!list.includes(made.token))
    assert.ok(
      !readFileSync(join(site, 'data/postern.sqlite'), 'latin1').includes(made.token),
      'it is stored as its hash',
    )
    assert.equal((await at('token', 'revoke', String(made.id))).code, 0)
    assert.equal((await at('token', 'revoke', String(made.id))).code, 1)
    const plain = await at('token', 'create', '--name', 'baz', '--user', 'ann')
    assert.match(plain.out, /^\S+\n$/, 'standard output holds the token and nothing else')
  })

  test('the audit log tells what was done at the command line', () => {
    const database = new DatabaseSync(join(site, 'data/postern.sqlite'), { readOnly: true })
    const rows = database.prepare('select event, user_id, detail from account_audit order by id').all()
    database.close()
    const by = 'command line'
    assert.deepEqual(
      rows.map(({ event, user_id: user, detail }) => [event, user, JSON.parse(String(detail)) as unknown]),
      [
        ['user.created', 1, { by }],
        ['user.changed', 1, { by, changed: ['roles'] }],
        ['user.deactivated', 1, { by, changed: ['active'] }],
        ['user.changed', 1, { by, changed: ['active'] }],
        ['token.created', null, { by, token: 1 }],
        ['token.revoked', null, { by, token: 1 }],
        ['token.created', 1, { by, token: 2 }],
      ],
    )
  })

  test('doctor finds it well, and says what is not', async () => {
    const well = await at('doctor')
    assert.equal(well.code, 0, well.out)
    assert.match(well.out, /✓ Node \d+/)
    mkdirSync(join(site, 'modules/ghost'))
    writeFileSync(
      join(site, 'modules/ghost/api.json'),
      '{ "Boo": { "url_segments": "ghost/boo", "request_type": "GET", "authorization": "*" } }',
    )
    writeFileSync(join(site, 'modules/ghost/ghost.ts'), 'export function other() {}\n')
    const warned = await at('doctor', '--json')
    const { findings } = JSON.parse(warned.out) as { findings: { state: string; what: string }[] }
    assert.ok(
      findings.some(({ state, what }) => state === 'warning' && /Boo/.test(what)),
      warned.out,
    )
    writeFileSync(join(site, 'modules/ghost/api.json'), '{ "Boo": \n }')
    const bad = await at('doctor')
    assert.equal(bad.code, 1)
    assert.match(bad.out, /✗ .*modules\/ghost\/api\.json:\d+/s)
    assert.doesNotMatch(bad.out, /hunter2/)
  })

  test('a secret in a setting is not shown', async () => {
    const { out, err } = await postern(['doctor', '--settings', '--site', site], {
      env: { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/d' },
    })
    assert.doesNotMatch(out + err, /hunter2/)
  })

  test('commands leave nothing but the data folder behind', () => {
    assert.ok(existsSync(join(site, 'data/postern.sqlite')))
    assert.ok(!existsSync(join(site, 'data.new')))
  })
})
