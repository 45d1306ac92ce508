import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { buildRegistry } from '../../src/registry/build.ts'
import { loadSite } from '../../src/registry/load-site.ts'
import type { Loaded, TypeFacts } from '../../src/registry/site-folder.ts'
import { entry, membersManifest } from '../fixtures/members-files.ts'
import { siteOnDisk } from '../fixtures/site-on-disk.ts'

const member: TypeFacts = { name: 'member', plural: 'members', fields: ['id', 'code', 'name', 'owner'] }
const code = `export function account(call, code) { return code } export function hello() {} export function many(call, ...rest) {} export function _hook(data) { return data }`

async function load(manifest: unknown, module = 'members', modules: 'closed' | 'open' = 'closed'): Promise<Loaded> {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest, undefined, 2)
  using site = await siteOnDisk(
    { [`modules/${module}/api.json`]: text, [`modules/${module}/${module}.ts`]: code },
    { types: [member], modules: { undeclared: modules } },
  )
  return await loadSite(site)
}

const account = (authorization: unknown, url = 'members/account'): unknown => ({
  'Fetch Account': entry(`GET ${url}`, authorization, ['id']),
})

describe('a manifest that cannot be kept stops the start, with file, line and column', () => {
  const rows: readonly [name: string, manifest: unknown, said: RegExp, line: number, column?: number][] = [
    ['an unknown rule', account({ role: ['admin'] }), /unknown rule "role"; did you mean "roles"\?/, 14, 7],
    ['a rule of a later day', account({ userLevels: [1] }), /unknown rule "userLevels"/, 14],
    [
      'a column the type lacks',
      account({ userOwnedSegment: { column: 'cod', segmentNum: 3 } }),
      /"member" has no field "cod"; did you mean "code"/,
      15,
      9,
    ],
    [
      'a segment outside the path',
      account({ userIdSegment: 4 }),
      /userIdSegment of "Fetch Account" is 4, but segment 4/,
      14,
    ],
    ['a segment that is the module', account({ userIdSegment: 1 }), /segment 1 of its path is no argument/, 14],
    ['a segment that is the method', account({ userCodeSegment: 2 }), /segment 2 of its path is no argument/, 14],
    [
      'a segment that is a literal',
      account({ userIdSegment: 3 }, 'members/account/me/{id}'),
      /segment 3 of its path is no argument/,
      14,
    ],
    [
      'a segment that is no number',
      account({ userOwnedSegment: { column: 'code', segmentNum: '3' } }),
      /must be a segment number/,
      16,
    ],
    ['roles as text', account({ roles: 'admin' }), /roles of "Fetch Account" must be a list/, 14],
    ['roles of nobody', account({ roles: [] }), /must be a list/, 14],
    ['a word that is no rule', account('admin'), /must be "\*" or an object/, 13],
    ['true, which once meant everyone', account(true), /must be "\*" or an object/, 13],
    [
      'an id where the path has none',
      { Get: entry('GET api/get/members', { userIdSegment: 4 }) },
      /segment 4 of its path is no argument/,
      8,
    ],
    [
      'two claims on one verb and path',
      { One: entry('GET members/account/{a}', '*'), Two: entry('get members/account/{b}', { roles: ['admin'] }) },
      /GET members\/account\/\{b\} is claimed twice: by "One" \(modules\/members\/api\.json:2:3\) and by "Two" \(modules\/members\/api\.json:9:3\)/,
      9,
    ],
    ['no verb', { One: { url_segments: 'members/hello' } }, /needs a request_type/, 2],
    ['a verb that is none', { One: entry('FETCH members/hello', '*') }, /needs a request_type/, 4],
    ['no path', { One: { request_type: 'GET' } }, /needs url_segments/, 2],
    ['no method', { One: entry('GET members', '*') }, /names no method/, 3],
    ['a placeholder for the method', { One: entry('GET members/{any}', '*') }, /cannot be a placeholder/, 3],
    [
      'a step up',
      { One: entry('GET members/hello/..', '*') },
      /"\.\." in url_segments of "One" cannot be a part of a path/,
      3,
    ],
    ['no object', { One: 'members/hello' }, /"One" must be an object/, 2],
    ['a list', [], /an object with an entry for each endpoint/, 1],
    ['a name given twice', '{ "One": {},\n  "One": {} }', /The name "One" is given twice/, 2, 3],
    ['nothing', '', /ends too early/, 1],
  ]
  for (const [name, manifest, said, line, column] of rows) {
    test(name, async () => {
      const { problems } = await load(manifest)
      const [fatal, ...others] = problems.filter((problem) => problem.fatal)
      assert.deepEqual(others, [])
      assert.match(fatal?.message ?? '', said)
      assert.deepEqual([fatal?.at.file, fatal?.at.line], ['modules/members/api.json', line], said.source)
      if (column !== undefined) assert.equal(fatal?.at.column, column)
      assert.match(fatal?.frame ?? '', new RegExp(`^> *${line} \\|`, 'm'))
    })
  }

  test('an owned segment needs an object type of the module’s name', async () => {
    const { problems } = await load(
      { One: entry('GET things/account', { userOwnedSegment: { column: 'code', segmentNum: 3 } }) },
      'things',
    )
    assert.match(problems.find((problem) => problem.fatal)?.message ?? '', /needs an object type called "things"/)
  })

  for (const name of ['api', 'explorer', 'healthz']) {
    test(`a module called ${name}, which is the server’s path`, async () => {
      const { problems, definitions } = await load({}, name)
      assert.match(problems[0]?.message ?? '', /the server has that path/)
      assert.deepEqual(definitions, [])
    })
  }
})

describe('what real manifests often have is said once by name, and the site starts', () => {
  const said = (loaded: Loaded): string[] =>
    loaded.problems.map(({ fatal, message }) => `${fatal ? 'FATAL ' : ''}${message}`)

  test('every usual manifest loads, and every record finds its place in the table', async () => {
    const folder = join(import.meta.dirname, '../fixtures/manifests')
    const modules: Record<string, string> = {
      usual: 'boats',
      ordered: 'steps',
      association: 'boats_and_harbours',
      uploads: 'pictures',
      'odd-names': 'shelf',
    }
    const names = (await readdir(folder)).filter((name) => Object.hasOwn(modules, name.replace('.json', '')))
    assert.equal(names.length, Object.keys(modules).length)
    for (const name of names) {
      const loaded = await load(await readFile(join(folder, name), 'utf8'), modules[name.replace('.json', '')])
      assert.deepEqual(
        loaded.problems.filter((problem) => problem.fatal),
        [],
        name,
      )
      assert.ok(buildRegistry(loaded.definitions.map((one) => one.record)).endpoints.length > 4, name)
      assert.equal(new Set(said(loaded)).size, loaded.problems.length, 'something is said twice')
    }
  })

  for (const [name, module, line, column] of [
    ['malformed', 'words', 13, 1],
    ['unquoted', 'members', 6, 39],
  ] as const) {
    test(`the ${name} one is refused with file, line and column`, async () => {
      const loaded = await load(
        await readFile(join(import.meta.dirname, `../fixtures/manifests/${name}.json`), 'utf8'),
        module,
      )
      assert.deepEqual(
        loaded.problems.map(({ fatal, at }) => [fatal, at]),
        [[true, { file: `modules/${module}/api.json`, line, column }]],
      )
      assert.deepEqual(loaded.definitions, [])
    })
  }

  test('odd names are reported and reach nothing; the fixed paths answer', async () => {
    const loaded = await load(
      await readFile(join(import.meta.dirname, '../fixtures/manifests/odd-names.json'), 'utf8'),
      'shelf',
    )
    const all = said(loaded).join('\n')
    assert.match(
      all,
      /3 entries whose url_segments does not begin with the module.*"Listed Elsewhere", "Own Token", "By Date"/,
    )
    assert.match(all, /own url_segments is not used.*: "Get"/)
    assert.match(all, /stands back.*: "Get By Post"/)
    assert.match(all, /begins with "_".*: "Quiet"/)
    assert.match(all, /means nothing: "Odd \(authorisation, did you mean authorization\?\)"/)
    const paths = loaded.definitions.map(({ record }) => `${record.methods.join()} ${record.path}`)
    assert.ok(
      paths.includes('GET /api/get/shelf') &&
        paths.includes('POST /api/get/shelf') &&
        paths.includes('POST /api/search/shelf'),
    )
    assert.deepEqual(
      paths.filter((path) => /_quiet|shelf-api|get_by_date/.test(path)),
      [],
    )
  })

  test('an entry without authorization, method, hook or field is told with what it will answer', async () => {
    const manifest = {
      Silent: { url_segments: 'members/hello', request_type: 'GET', authorization: {} },
      Missing: entry('GET members/helo', '*'),
      Hookless: { ...entry('GET members/account', '*'), beforeHook: '_hok' },
      Fieldless: entry('GET members/many/{word}', '*'),
    }
    const loaded = await load(manifest)
    assert.deepEqual(said(loaded), [
      'An entry with a placeholder that required_fields does not name: "Fieldless".',
      'An entry without authorization, so 412 when called: "Silent".',
      'An entry without a method in the module, so 501 when called: "Missing".',
      'An entry whose hook the module does not export, so 501 when called: "Hookless".',
    ])
    const byPath = new Map(loaded.definitions.map(({ record }) => [record.path, record]))
    assert.equal(byPath.get('/members/hello')?.rule, undefined)
    assert.match(byPath.get('/members/hello')?.activation ?? '', /"Silent" in modules\/members\/api\.json, line 2/)
    assert.match(byPath.get('/members/helo')?.missing ?? '', /does not export "helo"/)
    assert.match(byPath.get('/members/account')?.missing ?? '', /does not export "_hok"/)
  })

  test('undeclared methods are not activated, or open where the site says so, and then told', async () => {
    const closed = await load({})
    const names = (loaded: Loaded): unknown[] =>
      loaded.definitions.filter(({ record }) => !record.hidden).map(({ record }) => [record.path, record.rule])
    assert.deepEqual(names(closed), [
      ['/members/account', undefined],
      ['/members/account/:code', undefined],
      ['/members/hello', undefined],
      ['/members/many', undefined],
    ])
    assert.deepEqual(closed.problems, [])
    const open = await load(
      { Hooked: { ...entry('GET members/account', '*'), beforeHook: '_hook' } },
      'members',
      'open',
    )
    assert.ok(open.definitions.some(({ record }) => record.path === '/members/hello' && record.rule === 'everyone'))
    assert.deepEqual(said(open), ['Open to everyone, because no entry declares them: hello, many.'])
  })

  test('a child module answers under its parent’s name', async () => {
    using site = await siteOnDisk({
      'modules/books/authors/api.json': JSON.stringify({
        Hello: entry('GET books-authors/hello', '*'),
        Get: entry('GET api/get/authors', '*'),
      }),
      'modules/books/authors/authors.ts': 'export const hello = () => 1',
      'modules/books/tools/tools.ts': 'export const danger = () => 1',
    })
    const { definitions, problems } = await loadSite(site)
    assert.deepEqual(definitions.map(({ record }) => record.path).sort(), [
      '/api/get/books-authors',
      '/api/get/books-authors/',
      '/books-authors/hello',
      '/books-authors/hello/*rest',
    ])
    assert.ok(problems.every((problem) => !problem.fatal))
  })

  test('a rule survives the journey through JSON as it is', async () => {
    const { definitions } = await load(membersManifest)
    const owned = definitions.find(({ record }) => record.path === '/members/account/:code')?.record
    const rule = { any: [{ role: ['admin'] }, { owner: { type: 'member', by: 'code', param: 'code' } }] }
    assert.deepEqual(JSON.parse(JSON.stringify(owned)), { ...owned })
    assert.deepEqual(owned?.rule, rule)
    assert.deepEqual(definitions.find(({ record }) => record.path === '/members/account')?.record.rule, {
      role: ['admin'],
    })
  })
})
