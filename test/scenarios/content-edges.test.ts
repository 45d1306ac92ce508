import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { siteHouse, type Asking, type SiteHouse, type Told } from '../fixtures/site-house.ts'

const files = {
  'types/work.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'work', fields: {
    word: field.text(), code: field.text({ unique: true }), count: field.integer(), size: field.number(), done: field.boolean(), day: field.date(), at: field.datetime(),
    mood: field.select({ options: ['calm', 'wild'] }), of: field.reference({ to: 'work' }), body: field.richText(), data: field.json(), tags: field.tags(), readers: field.accessList() },
  relations: { near: { to: 'work', inverse: 'near' }, about: { to: 'work', inverse: 'about_of' } },
  rules: { read: allow.any(allow.owner(), allow.published()), create: allow.user, update: allow.any(allow.owner(), allow.role('editor')), delete: allow.any(allow.owner(), allow.role('editor')) } })`,
  'types/shelf.ts': `import { allow, defineType } from 'postern'
export default defineType({ name: 'shelf', plural: 'shelves', section: true, rules: { read: allow.any(allow.where({ status: 'on' }), allow.role('editor')), create: allow.user, update: allow.user } })`,
  'postern.config.ts': `export default { api: { protected: false, whitelistObjectTypes: ['work'], validation: { allowedUrlParams: { works: ['filter[*]'], objects: ['filter[*]'] } } } }`,
  'api/controller.ts': `import { ApiController } from 'postern'
export default class Site extends ApiController {}`,
}

/** What a newcomer and a stranger came upon; each once more on PostgreSQL. */
describe('content at its edges', () => {
  let house: SiteHouse
  const tokens: Record<string, string> = {}

  before(async () => {
    house = await siteHouse(files)
    const people: Record<string, string[]> = { kim: [], ann: [], ed: ['editor'] }
    for (const [name, roles] of Object.entries(people)) tokens[name] = (await house.person(name, roles)).token
  })
  after(() => house[Symbol.asyncDispose]())

  const ask = (who: string, request: string, asking: Asking = {}): Promise<Told> =>
    house.ask(request, { token: tokens[who], ...asking })
  const data = (told: Told): Record<string, unknown> => (told.json as { data: Record<string, unknown> }).data
  const ids = (told: Told): unknown[] => (told.json as { data: { id: unknown }[] }).data.map((one) => one.id)

  async function make(who: string, fields: object): Promise<number> {
    const told = await ask(who, 'POST /api/objects', { body: { object_type: 'work', ...fields } })
    assert.equal(told.status, 201, told.text)
    return Number(data(told)['id'])
  }

  async function shelf(who: string, fields: object = {}): Promise<number> {
    return Number(data(await ask(who, 'POST /api/objects', { body: { object_type: 'shelf', ...fields } }))['id'])
  }

  async function refused(told: Promise<Told>, status: number, message: RegExp): Promise<void> {
    const { status: was, text } = await told
    assert.equal(was, status, text)
    assert.match(text, message)
  }

  test('only text begins with something; every kind can be asked whether it is there', async () => {
    const full = {
      word: 'x',
      count: 1,
      size: 1,
      done: true,
      day: '2026-02-03',
      at: '2026-02-03T04:05:06Z',
      mood: 'calm',
    }
    const more = { body: 'b', data: { a: 1 }, tags: ['t'], readers: { roles: ['r'] } }
    const all = await make('kim', { ...full, ...more, title: 'begins' })
    const none = await make('kim', { title: 'begins' })
    const list = (filter: string): Promise<Told> => ask('kim', `GET /api/works?filter[title]=begins&filter${filter}`)
    for (const name of ['id', 'version', 'owner', 'count', 'size', 'done', 'of'])
      await refused(list(`[${name}][starts]=1`), 400, /only text begins with something/)
    for (const start of ['word][starts]=x', 'day][starts]=2026-02', 'at][starts]=2026-02-03T04', 'mood][starts]=ca'])
      assert.deepEqual(ids(await list(`[${start}`)), [all], start)
    for (const name of Object.keys({ ...full, ...more })) {
      assert.deepEqual(ids(await list(`[${name}][null]=true`)), [none], name)
      assert.deepEqual(ids(await list(`[${name}][null]=false`)), [all], name)
    }
    for (const name of ['body', 'data', 'readers']) {
      await refused(list(`[${name}]=1`), 400, /cannot filter by.*only asked for with \[null\]/)
      await refused(ask('kim', `GET /api/works?sort=${name}`), 400, /cannot sort by.*have no order/)
    }
  })

  test('a moment whose offset leads out of the years that are written with four digits is refused', async () => {
    for (const at of ['9999-12-31T23:59:59-12:00', '0000-01-01T00:00:00+12:00']) {
      const told = ask('kim', 'POST /api/objects', { body: { object_type: 'work', at } })
      await refused(told, 422, /must be a moment such as/)
      const filter = encodeURIComponent(at)
      await refused(ask('kim', `GET /api/works?filter[at][gte]=${filter}`), 400, /must be a moment such as/)
    }
    const [late, early] = [
      await make('kim', { at: '9999-12-31T23:59:59Z' }),
      await make('kim', { at: '0000-01-01T00:00:00Z' }),
    ]
    assert.deepEqual(ids(await ask('kim', 'GET /api/works?filter[at][null]=false&sort=at')).at(-1), late)
    assert.deepEqual(ids(await ask('kim', 'GET /api/works?filter[at][null]=false&sort=at'))[0], early)
  })

  test('a list goes on by its cursor however long the texts are that it is sorted by', async () => {
    const made: number[] = []
    for (const [index, title] of ['東'.repeat(999), '東'.repeat(999), '\u0001'.repeat(1000)].entries())
      made.push(await make('kim', { title, word: `${'long '.repeat(4000)}${index}`, mood: 'wild' }))
    for (const sort of ['title', '-title', 'word', '-word', 'word,title', '-title,count,word']) {
      const list = `GET /api/works?filter[mood]=wild&fields=slug&sort=${sort}`
      const whole = ids(await ask('kim', list))
      const walked: unknown[] = []
      for (let next: string | null = ''; next !== null;) {
        const told = await ask('kim', `${list}&page_size=1${next === '' ? '' : `&cursor=${next}`}`)
        assert.equal(told.status, 200, `${sort} ${told.text.slice(0, 300)}`)
        walked.push(...ids(told))
        ;({ next } = (told.json as { paging: { next: string | null } }).paging)
        assert.ok((next ?? '').length <= 4_000)
      }
      assert.deepEqual(walked, whole, sort)
    }
    // A cursor that names a row which the list does not hold says nothing, whether there is such a row or not.
    const told = await ask('kim', 'GET /api/works?filter[mood]=wild&sort=word&page_size=1')
    const { next } = (told.json as { paging: { next: string } }).paging
    const [list] = JSON.parse(Buffer.from(next, 'base64url').toString()) as [string]
    const hidden = await make('ann', { status: 'draft', mood: 'wild' })
    for (const id of [hidden, 999_999, -1, 1.5, 'x', null, { a: 1 }]) {
      const forged = Buffer.from(JSON.stringify([list, { id }])).toString('base64url')
      await refused(
        ask('kim', `GET /api/works?filter[mood]=wild&sort=word&cursor=${forged}`),
        400,
        /not a cursor of this list/,
      )
    }
  })

  test('a place beyond what numbers hold is refused, and something can always be put behind the last one', async () => {
    const [one, two, three] = [await make('kim', {}), await make('kim', {}), await make('kim', {})]
    const section = await shelf('kim')
    const put = (id: number, position?: number): object => ({ body: { data: [{ id, position }] } })
    for (const path of [`${one}/relations/near`, `${section}/children`]) {
      for (const position of [1_000_000_001, Number.MAX_SAFE_INTEGER, 0, -1, 1.5])
        await refused(ask('kim', `POST /api/objects/${path}`, put(two, position)), 422, /from 1 to 1000000000/)
      assert.equal((await ask('kim', `POST /api/objects/${path}`, put(two, 1_000_000_000))).status, 201)
      assert.equal((await ask('kim', `POST /api/objects/${path}`, put(three))).status, 201)
      assert.deepEqual(ids(await ask('kim', `GET /api/objects/${path}?fields=id`)), [two, three])
    }
    // Named twice it is linked once, and takes one place.
    const twice = await ask('kim', `POST /api/objects/${one}/relations/about`, {
      body: { data: [two, two, three, two] },
    })
    assert.deepEqual(
      (data(twice) as unknown as { position: number }[]).map((one) => one.position),
      [1, 1, 2, 1],
    )
  })

  test('V18 V21 links to what is not seen stay, and are told by no answer', async () => {
    const mine = await make('kim', { title: 'mine' })
    const hidden = await make('ann', { status: 'draft', relations: { about: [mine], near: [mine] } })
    const opened = await make('ann', {})
    const away = await make('kim', {})
    assert.equal(
      (await ask('kim', `POST /api/objects/${mine}/relations/about`, { body: { data: [opened, away] } })).status,
      201,
    )
    assert.equal((await ask('ann', `PATCH /api/objects/${opened}`, { body: { status: 'off' } })).status, 200)
    const bare = (told: Told): string => told.text.replaceAll(/urn:[^"]*|\d{6}|\b\d+\b/g, '')
    for (const [name, id] of [
      ['about', opened],
      ['about_of', hidden],
      ['near', hidden],
    ] as const)
      for (const [method, body] of [['GET'], ['PUT', { position: 1 }], ['DELETE']] as const) {
        const told = await ask('kim', `${method} /api/objects/${mine}/relations/${name}/${id}`, { body })
        const absent = await ask('kim', `${method} /api/objects/${mine}/relations/${name}/999999`, { body })
        assert.equal(told.status, 404, `${method} ${name}`)
        assert.equal(bare(told), bare(absent))
      }
    const relations = { about: [], about_of: [], near: [] }
    assert.equal((await ask('kim', `PATCH /api/objects/${mine}`, { body: { relations } })).status, 200)
    assert.equal((await ask('ann', `PATCH /api/objects/${opened}`, { body: { status: 'on' } })).status, 200)
    assert.equal((await ask('ann', `PATCH /api/objects/${hidden}`, { body: { status: 'on' } })).status, 200)
    assert.deepEqual(ids(await ask('kim', `GET /api/objects/${mine}/relations/about`)), [opened])
    assert.deepEqual(ids(await ask('kim', `GET /api/objects/${mine}/relations/about_of`)), [hidden])
    assert.deepEqual(ids(await ask('kim', `GET /api/objects/${mine}/relations/near`)), [hidden])
  })

  test('the order by relevance is no error whatever was typed, and goes on by its cursor', async () => {
    const made = [await make('kim', { title: 'Odd one' }), await make('kim', { title: 'Odd two', body: 'odd' })]
    const list = (words: string): string =>
      `GET /api/works?filter[title][starts]=Odd&filter[query]=${encodeURIComponent(words)}&sort=relevance`
    for (const words of ['*', '"', "'", '(', '--', ':*', '<->', '\\', '🦆', '\u200b', '!!!', 'AND', 'NEAR(', 'title:x'])
      assert.deepEqual(ids(await ask('kim', list(words))), [], words)
    for (const words of ['', ' ', 'odd', 'od*']) {
      const told = await ask('kim', `${list(words)}&page_size=1`)
      const { next } = (told.json as { paging: { next: string } }).paging
      const rest = await ask('kim', `${list(words)}&page_size=1&cursor=${next}`)
      assert.deepEqual(
        [...ids(told), ...ids(rest)].toSorted((one, other) => Number(one) - Number(other)),
        made,
        words,
      )
    }
    await refused(ask('kim', 'GET /api/works?sort=relevance'), 400, /sort by/)
  })

  test('V12 V30 who may change or delete what they do not see is shown nothing of it', async () => {
    const draft = await make('kim', { title: 'Not for editors yet', status: 'draft' })
    const attempts: [string, Asking][] = [
      [`PATCH /api/objects/${draft}`, { body: {} }],
      [`PATCH /api/objects/${draft}`, { body: { title: 'x' }, headers: { 'if-match': '"v9"' } }],
      [`POST /api/objects/${draft}/relations/near`, { body: { data: [draft] } }],
    ]
    for (const [request, asking] of attempts) await refused(ask('ed', request, asking), 404, /There is no object/)
    // Deleting goes by its own rule, and answers nothing.
    const gone = await ask('ed', `DELETE /api/objects/${draft}`)
    assert.deepEqual([gone.status, gone.text], [204, ''])
    await refused(ask('ed', `POST /api/trash/${draft}`), 404, /There is no object/)
    assert.deepEqual(ids(await ask('ed', 'GET /api/trash')), [])
    const restored = await ask('kim', `POST /api/trash/${draft}`)
    assert.deepEqual([restored.status, data(restored)['title']], [200, 'Not for editors yet'])
    assert.equal((await ask('kim', `PATCH /api/objects/${draft}`, { body: { status: 'on' } })).status, 200)
    assert.equal((await ask('ed', `PATCH /api/objects/${draft}`, { body: { status: 'draft' } })).status, 200)
  })

  test('V77 V78 what a body says beside what is known, twice or in another kind is refused, at any depth', async () => {
    const [one, two] = [await make('kim', {}), await make('kim', {})]
    const section = await shelf('kim')
    const [children, near] = [`${section}/children`, `${one}/relations/near`]
    for (const path of [children, near])
      assert.equal((await ask('kim', `POST /api/objects/${path}`, { body: { data: [two] } })).status, 201)
    const bodies: [string, unknown, number, RegExp][] = [
      [`PUT /api/objects/${children}/${two}`, { position: 2, foo: 1 }, 400, /UNKNOWN_FIELD.*body\.foo/],
      [`PUT /api/objects/${children}/${two}`, { position: 2, move_siblings: 'yes' }, 422, /must be true or false/],
      [`PUT /api/objects/${children}/${two}`, { data: { position: 2 }, foo: 1 }, 400, /UNKNOWN_FIELD/],
      [`PUT /api/objects/${near}/${two}`, { position: 2, foo: 1 }, 400, /UNKNOWN_FIELD.*body\.foo/],
      [`POST /api/objects/${children}`, { data: [one], foo: 1 }, 400, /UNKNOWN_FIELD/],
      [`POST /api/objects/${near}`, { data: [{ id: one, child_id: two }] }, 422, /body\.0 says id or related_id/],
      [
        `POST /api/objects/${near}`,
        { data: [{ id: one, position: 1, priority: 2 }] },
        422,
        /says position or priority/,
      ],
      ['POST /api/objects', { data: { object_type: 'work' }, foo: 1 }, 400, /UNKNOWN_FIELD/],
    ]
    for (const [request, body, status, message] of bodies) await refused(ask('kim', request, { body }), status, message)
    for (const path of [children, near])
      assert.equal(data(await ask('kim', `GET /api/objects/${path}/${two}`))['position'], 1)
  })

  test('V107 If-Match is asked of whatever is written, ties and trash too', async () => {
    const [one, two] = [await make('kim', {}), await make('kim', {})]
    const section = await shelf('kim')
    const writes: [string, unknown, number][] = [
      [`POST /api/objects/${section}/children`, { data: [two] }, 201],
      [`PUT /api/objects/${section}/children/${two}`, { position: 3 }, 200],
      [`DELETE /api/objects/${section}/children/${two}`, undefined, 204],
      [`POST /api/objects/${one}/relations/about`, { data: [two] }, 201],
      [`PUT /api/objects/${one}/relations/about/${two}`, { position: 3 }, 200],
      [`DELETE /api/objects/${one}/relations/about/${two}`, undefined, 204],
      [`POST /api/objects/${one}/relations/about_of`, { data: [two] }, 201],
      [`DELETE /api/objects/${one}`, undefined, 204],
      [`POST /api/trash/${one}`, undefined, 200],
      [`DELETE /api/objects/${one}?purge=true`, undefined, 204],
    ]
    let version = 1
    for (const [request, body, status] of writes) {
      for (const tag of [`"v${version + 1}"`, 'W/"v1"', 'v1'])
        await refused(ask('kim', request, { body, headers: { 'if-match': tag } }), 412, /STALE/)
      const told = await ask('kim', request, { body, headers: { 'if-match': `"v${version}"` } })
      assert.equal(told.status, status, `${request} ${told.text}`)
      if (request.endsWith(`/objects/${one}`) || request.includes('/trash/')) version++
    }
  })

  test('siblings are those in a section that the caller sees; of several new objects it is said which one was taken', async () => {
    const [hidden, open] = [await shelf('ed', { status: 'off' }), await shelf('ed')]
    const [one, two, three] = [
      await make('ed', { parents: [hidden, open] }),
      await make('ed', {}),
      await make('ed', {}),
    ]
    await ask('ed', `POST /api/objects/${hidden}/children`, { body: { data: [two] } })
    await ask('ed', `POST /api/objects/${open}/children`, { body: { data: [three] } })
    assert.deepEqual(ids(await ask('ed', `GET /api/objects/${one}/siblings`)), [two])
    assert.deepEqual(ids(await ask('kim', `GET /api/objects/${one}/siblings`)), [three])
    assert.deepEqual(ids(await ask('kim', `GET /api/objects/${two}/siblings`)), [])

    await make('kim', { slug: 'was-taken', code: 'taken' })
    const batch = (second: object): Asking => ({ body: [{ object_type: 'work' }, { object_type: 'work', ...second }] })
    await refused(ask('kim', 'POST /api/objects', batch({ slug: 'was-taken' })), 409, /"path":"body\.1\.slug"/)
    await refused(ask('kim', 'POST /api/objects', batch({ code: 'taken' })), 409, /"path":"body\.1\.code"/)
  })

  test('V18 a section that is not seen is named by no refusal, and keeps what lies in it', async () => {
    const [hidden, open] = [await shelf('ed', { status: 'off' }), await shelf('ed')]
    const [work, inner] = [await make('kim', {}), await shelf('kim', { title: 'inner' })]
    await ask('ed', `POST /api/objects/${hidden}/children`, { body: { data: [work, inner] } })
    const moved = await ask('kim', `PATCH /api/objects/${work}`, { body: { parents: [open] } })
    assert.equal(moved.status, 200, moved.text)
    assert.deepEqual(ids(await ask('ed', `GET /api/objects/${work}/parents?sort=id`)), [hidden, open])
    // A section cannot lie in two places: it stays where it is, and that place is not told.
    const told = await ask('kim', `POST /api/objects/${open}/children`, { body: { data: [inner] } })
    assert.equal(told.status, 403)
    assert.doesNotMatch(told.text, new RegExp(`\\b${hidden}\\b`))
    assert.deepEqual(ids(await ask('ed', `GET /api/objects/${inner}/parents`)), [hidden])
  })
})
