import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { roomFiles } from '../fixtures/room-files.ts'
import { siteHouse, type SiteHouse, type Told } from '../fixtures/site-house.ts'

/** Everything that is open to all, and what only those see whom the room above lets through. */
const open = ['both', 'free', 'paper']
const inside = ['both', 'free', 'letter', 'note', 'paper', 'twice']
const sees = {
  admin: [...inside, 'minutes'].toSorted(),
  member: inside,
  listed: inside,
  stranger: open,
  anonymous: open,
}
type Who = keyof typeof sees
const everybody = Object.keys(sees) as Who[]

describe('rules that hold for what lies below a section', () => {
  let house: SiteHouse
  const tokens: Partial<Record<Who, string>> = {}
  const ids: Record<string, number> = {}
  let listedId = 0

  before(async () => {
    house = await siteHouse(roomFiles)
    tokens.admin = (await house.person('ann', ['admin'])).token
    tokens.member = (await house.person('mia', ['member'])).token
    const listed = await house.person('lea')
    tokens.listed = listed.token
    listedId = listed.id
    tokens.stranger = (await house.person('sam')).token
    await plant()
  })
  after(() => house[Symbol.asyncDispose]())

  function ask(who: Who, request: string, body?: unknown): Promise<Told> {
    return house.ask(request, { token: tokens[who], ...(body === undefined ? {} : { body }) })
  }
  async function make(type: string, title: string, more: object = {}): Promise<void> {
    const told = await ask('admin', 'POST /api/objects', { object_type: type, title, ...more })
    assert.equal(told.status, 201, told.text)
    ids[title] = (told.json as { data: { id: number } }).data.id
  }
  const id = (title: string): number => ids[title] ?? assert.fail(`there is no ${title}`)

  /**
   * club (for members and lea; lea may write) > attic > drawer > letter: three deep. hall (for administrators) > minutes. Also
   * in a second place: both is in the drawer and in the open lobby, twice in the attic and in the hall.
   */
  async function plant(): Promise<void> {
    await make('shelf', 'lobby')
    await make('room', 'club', {
      readers: { users: [listedId], roles: ['member'] },
      writers: { users: [listedId] },
    })
    await make('room', 'hall')
    await make('shelf', 'attic', { parents: [id('club')] })
    await make('shelf', 'drawer', { parents: [id('attic')] })
    const description = 'amber'
    await make('doc', 'letter', { description, parents: [id('drawer')] })
    await make('doc', 'note', { description, parents: [id('club')] })
    await make('doc', 'both', { description, parents: [id('drawer'), id('lobby')] })
    await make('doc', 'twice', { description, parents: [id('attic'), id('hall')] })
    await make('doc', 'minutes', { description, parents: [id('hall')] })
    await make('doc', 'paper', { description, parents: [id('lobby')] })
    await make('doc', 'free', { description })
    const links = ['letter', 'minutes', 'both', 'twice'].map((title) => ({ id: id(title) }))
    const told = await ask('admin', `POST /api/objects/${id('paper')}/relations/seealso`, links)
    assert.equal(told.status, 201, told.text)
  }

  interface Listed {
    readonly data: readonly { readonly title: string }[]
    readonly paging: { readonly total: number }
  }
  async function listed(who: Who, target: string): Promise<string[]> {
    const told = await ask(who, `GET ${target}`)
    assert.equal(told.status, 200, told.text)
    const { data, paging } = told.json as Listed
    assert.equal(paging.total, data.length, `${target} as ${who}: the total`)
    return data.map((one) => one.title).toSorted()
  }
  const among = (who: Who, titles: readonly string[]): string[] => titles.filter((title) => sees[who].includes(title))

  for (const who of everybody)
    test(`${who} finds the same objects by every list`, async () => {
      assert.deepEqual(await listed(who, '/api/docs'), sees[who])
      assert.deepEqual(await listed(who, '/api/docs?count=exact'), sees[who])
      assert.deepEqual(await listed(who, '/api/objects?filter[object_type]=doc'), sees[who])
      assert.deepEqual(await listed(who, '/api/objects?filter[query]=amber'), sees[who])
      assert.deepEqual(await listed(who, '/api/objects?filter[substring]=ambe'), sees[who])
      const firsts = await ask(who, 'GET /api/docs?page_size=1')
      assert.equal((firsts.json as Listed).paging.total, sees[who].length, 'a total that is counted')
      const mine = (await ask(who, 'GET /api/public/mine')).json as { titles: string[] }
      assert.deepEqual(mine.titles, sees[who], 'call.content of a handler')
    })

  for (const who of everybody)
    test(`${who} reads each by its id or slug, or is told that there is none`, async () => {
      for (const title of [...inside, 'minutes']) {
        const status = sees[who].includes(title) ? 200 : 404
        assert.equal((await ask(who, `GET /api/objects/${id(title)}`)).status, status, title)
        assert.equal((await ask(who, `GET /api/docs/${title}`)).status, status, title)
        assert.equal((await ask(who, `GET /api/objects/${id(title)}/relations`)).status, status, title)
        assert.equal((await ask(who, `GET /api/docs?id=${id(title)},${id('free')}`)).status, status, title)
      }
    })

  for (const who of everybody)
    test(`${who} walks the tree through sections that let them through, and no others`, async () => {
      const isInside = who !== 'stranger' && who !== 'anonymous'
      const all = (titles: string[]): string[] => (isInside ? titles : [])
      const walk = (title: string, branch: string): Promise<string[]> =>
        listed(who, `/api/objects/${id(title)}/${branch}`)
      assert.deepEqual(await walk('club', 'children'), all(['attic', 'note']))
      assert.deepEqual(await walk('club', 'contents'), all(['note']))
      assert.deepEqual(await walk('club', 'sections'), all(['attic']))
      assert.deepEqual(
        await walk('club', 'descendants'),
        all(['attic', 'both', 'drawer', 'letter', 'note', 'twice']),
        'both is seen elsewhere, and yet not told to be here',
      )
      assert.deepEqual(await walk('lobby', 'descendants'), ['both', 'paper'])
      assert.deepEqual(await walk('both', 'parents'), isInside ? ['drawer', 'lobby'] : ['lobby'])
      assert.deepEqual(await walk('both', 'ancestors'), isInside ? ['attic', 'club', 'drawer', 'lobby'] : ['lobby'])
      assert.deepEqual(await walk('both', 'siblings'), isInside && id('drawer') < id('lobby') ? ['letter'] : ['paper'])
      assert.deepEqual(await listed(who, `/api/docs?filter[parent]=${id('club')}`), all(['note']))
      assert.deepEqual(
        await listed(who, `/api/docs?filter[ancestor]=${id('club')}`),
        all(among(who, ['both', 'letter', 'note', 'twice'])),
      )
      const place = await ask(who, `GET /api/objects/${id('club')}/children/${id('note')}`)
      assert.equal(place.status, isInside ? 200 : 404)
      const attic = await ask(who, `GET /api/objects/${id('attic')}/children`)
      assert.equal(attic.status, isInside ? 200 : 404)
    })

  for (const who of everybody)
    test(`${who} is led by relations, embeds and exports to the same objects`, async () => {
      const related = among(who, ['both', 'letter', 'minutes', 'twice'])
      const paper = `/api/objects/${id('paper')}`
      assert.deepEqual(await listed(who, `${paper}/relations/seealso`), related)
      const counts = (await ask(who, `GET ${paper}/relations`)).json as { data: { seealso?: { count: number } } }
      assert.equal(counts.data.seealso?.count, related.length)
      const embedded = (await ask(who, `GET ${paper}?embed[relations]=seealso|9`)).json as {
        data: { relations: { seealso: { objects: { title: string }[] } } }
      }
      assert.deepEqual(embedded.data.relations.seealso.objects.map((one) => one.title).toSorted(), related)
      const link = await ask(who, `GET ${paper}/relations/seealso/${id('letter')}`)
      assert.equal(link.status, related.includes('letter') ? 200 : 404)
      const told = (await ask(who, 'GET /api/public/mine')).json as { exported: Exported[] }
      assert.deepEqual(told.exported.map((one) => one.title).toSorted(), sees[who])
      const both = told.exported.find((one) => one.title === 'both')
      const places = both?.parents?.map((one) => one.slug).toSorted()
      assert.deepEqual(places, related.includes('letter') ? ['drawer', 'lobby'] : ['lobby'])
      assert.equal(told.exported.find((one) => one.title === 'paper')?.relations?.seealso.length, related.length)
    })

  interface Exported {
    readonly title: string
    readonly parents?: readonly { readonly slug: string }[]
    readonly relations?: { readonly seealso: readonly unknown[] }
  }

  test('what is hidden can neither be changed nor deleted nor tied, and what is only seen is refused', async () => {
    const letter = `/api/objects/${id('letter')}`
    const table = { stranger: 404, anonymous: 404, member: 403, listed: 200, admin: 200 } as const
    for (const [who, status] of Object.entries(table) as [Who, number][]) {
      assert.equal((await ask(who, `PATCH ${letter}`, { text: 'amber' })).status, status, `${who} updates`)
      if (status === 200) continue
      assert.equal((await ask(who, `DELETE ${letter}`)).status, status, `${who} deletes`)
      assert.equal((await ask(who, `DELETE ${letter}?purge=true`)).status, status, `${who} purges`)
    }
    const tie = await ask('stranger', `POST /api/objects/${id('free')}/relations/seealso`, [{ id: id('letter') }])
    assert.equal(tie.status, 422, 'a link to it reads like a link to nothing')
    const nothing = await ask('stranger', `POST /api/objects/${id('free')}/relations/seealso`, [{ id: 99_999 }])
    assert.equal(tie.text.replaceAll(String(id('letter')), '99999'), nothing.text)
    assert.deepEqual(await listed('stranger', `/api/objects/${id('free')}/relations/seealso`), [])
    assert.deepEqual(await listed('admin', '/api/docs'), sees.admin, 'all are still there')
  })

  test('nobody puts anything below a section that does not let them change what lies there, or takes it away', async () => {
    const children = `/api/objects/${id('club')}/children`
    for (const who of ['stranger', 'member'] as const) {
      assert.equal((await ask(who, `POST ${children}`, [{ id: id('free') }])).status, 403, who)
      const body = { object_type: 'doc', title: 'planted', parents: [id('club')] }
      assert.equal((await ask(who, 'POST /api/objects', body)).status, 403, who)
      assert.equal((await ask(who, `PATCH /api/objects/${id('free')}`, { parents: [id('club')] })).status, 403, who)
      assert.equal((await ask(who, `DELETE ${children}/${id('note')}`)).status, 403, who)
      assert.equal((await ask(who, `PUT ${children}/${id('note')}`, { position: 9 })).status, 403, who)
    }
    assert.equal((await ask('anonymous', `POST ${children}`, [{ id: id('free') }])).status, 401)
    assert.deepEqual(await listed('admin', `/api/objects/${id('club')}/descendants`), [
      'attic',
      'both',
      'drawer',
      'letter',
      'note',
      'twice',
    ])
    assert.deepEqual(await listed('admin', '/api/docs'), sees.admin, 'nothing was planted')
  })

  test('who only reads it cannot open it to others by giving it another place', async () => {
    const lobby = `POST /api/objects/${id('lobby')}/children`
    assert.equal((await ask('member', lobby, [{ id: id('letter') }])).status, 403)
    assert.equal((await ask('member', lobby, [{ id: id('attic') }])).status, 403)
    assert.equal((await ask('stranger', lobby, [{ id: id('letter') }])).status, 422)
    assert.deepEqual(await listed('stranger', '/api/docs'), sees.stranger)
  })

  test('a second place changes who sees at once, and so does its end', async () => {
    const letter = `GET /api/objects/${id('letter')}`
    assert.equal((await ask('listed', `POST /api/objects/${id('lobby')}/children`, [{ id: id('letter') }])).status, 201)
    assert.equal((await ask('anonymous', letter)).status, 200)
    assert.deepEqual(await listed('anonymous', `/api/objects/${id('lobby')}/children`), ['both', 'letter', 'paper'])
    assert.equal((await ask('stranger', `PATCH /api/objects/${id('letter')}`, { parents: [] })).status, 200)
    assert.deepEqual(
      await listed('admin', `/api/objects/${id('letter')}/parents`),
      ['drawer'],
      'a place that the stranger is not told of is not theirs to end',
    )
    assert.equal((await ask('anonymous', letter)).status, 404)
  })

  test('a section that moves takes its rules off what is below it, or puts others on it', async () => {
    const attic = `/api/objects/${id('attic')}`
    const letter = `GET /api/objects/${id('letter')}`
    assert.equal((await ask('listed', `PATCH ${attic}`, { parents: [id('lobby')] })).status, 200)
    for (const who of everybody) assert.equal((await ask(who, letter)).status, 200, who)
    assert.deepEqual(await listed('anonymous', `${attic}/descendants`), ['both', 'drawer', 'letter', 'twice'])
    assert.equal((await ask('admin', `POST /api/objects/${id('hall')}/children`, [{ id: id('attic') }])).status, 201)
    for (const who of everybody) assert.equal((await ask(who, letter)).status, who === 'admin' ? 200 : 404, who)
    assert.equal(
      (await ask('admin', `PATCH /api/objects/${id('hall')}`, { readers: { roles: ['member'] } })).status,
      200,
    )
    assert.equal((await ask('member', letter)).status, 200, 'a list that changes is obeyed at once')
    assert.equal((await ask('listed', letter)).status, 404)
    assert.equal((await ask('admin', `PATCH /api/objects/${id('hall')}`, { parents: [id('club')] })).status, 200)
    assert.equal((await ask('member', letter)).status, 200, 'both rooms let members through')
    assert.equal((await ask('listed', letter)).status, 404, 'the inner one does not know lea')
    assert.equal((await ask('admin', `PATCH /api/objects/${id('hall')}`, { parents: [], readers: null })).status, 200)
    assert.equal((await ask('admin', `DELETE /api/objects/${id('hall')}/children/${id('attic')}`)).status, 204)
    assert.equal((await ask('anonymous', letter)).status, 200, 'at the root it has no rule but its own')
    assert.equal((await ask('admin', `PATCH ${attic}`, { parents: [id('club')] })).status, 200)
    for (const who of everybody)
      assert.equal((await ask(who, letter)).status, sees[who].includes('letter') ? 200 : 404, who)
  })

  test('a room goes on closing what is in it while it lies in the trash, and is not purged over it', async () => {
    const club = `/api/objects/${id('club')}`
    assert.equal((await ask('admin', `DELETE ${club}?purge=true`)).status, 409)
    assert.equal((await ask('admin', `DELETE /api/objects/${id('attic')}?purge=true`)).status, 409)
    assert.equal((await ask('admin', `DELETE ${club}`)).status, 204)
    assert.deepEqual(await listed('stranger', '/api/docs'), sees.stranger)
    assert.deepEqual(await listed('member', '/api/docs'), sees.member)
    assert.equal((await ask('admin', `DELETE /api/trash/${id('club')}`)).status, 409)
    assert.equal((await ask('admin', `POST /api/trash/${id('club')}`)).status, 200)
  })

  test('what lies in the trash is hidden below a section as it was before', async () => {
    assert.equal((await ask('listed', `DELETE /api/objects/${id('letter')}`)).status, 204)
    for (const who of ['stranger', 'member'] as const) {
      assert.deepEqual(await listed(who, '/api/trash'), [], who)
      assert.equal((await ask(who, `POST /api/trash/${id('letter')}`)).status, 404, who)
    }
    assert.deepEqual(await listed('listed', '/api/trash'), ['letter'])
    assert.equal((await ask('listed', `POST /api/trash/${id('letter')}`)).status, 200)
  })

  test('what a manifest declares is no way around it, though its type has no rules of its own', async () => {
    const { content } = house.house
    const { id: hidden } = await content.create('record', { title: 'inside', parents: [id('drawer')] })
    const { id: shown } = await content.create('record', { title: 'outside', parents: [id('lobby')] })
    const titles = async (who: Who): Promise<string[]> =>
      ((await ask(who, 'GET /api/get/records')).json as { title: string }[]).map((one) => one.title).toSorted()
    const count = async (who: Who): Promise<unknown> => (await ask(who, 'GET /api/count/records')).json
    for (const who of everybody) {
      const isInside = who !== 'stranger' && who !== 'anonymous'
      assert.deepEqual(await titles(who), isInside ? ['inside', 'outside'] : ['outside'], who)
      assert.equal(await count(who), isInside ? 2 : 1, who)
      assert.equal((await ask(who, `GET /api/exists/records/${hidden}`)).json, isInside, who)
      assert.equal((await ask(who, `GET /api/get/records/${hidden}`)).status, isInside ? 200 : 404, who)
      const status = isInside ? (who === 'member' ? 403 : 200) : 404
      assert.equal((await ask(who, `PUT /api/update/records/${hidden}`, { description: 'x' })).status, status, who)
      assert.equal((await ask(who, `PUT /api/update/records/${shown}`, { description: 'x' })).status, 200, who)
      if (status === 200) continue
      assert.equal((await ask(who, `DELETE /api/delete/records/${hidden}`)).status, status, who)
      assert.equal((await ask(who, 'DELETE /api/destroy/records', { title: 'inside' })).json, 0, who)
    }
    assert.deepEqual(await titles('admin'), ['inside', 'outside'], 'both are still there')
    assert.equal((await ask('listed', 'DELETE /api/destroy/records', { title: 'inside' })).json, 1)
    assert.deepEqual(await titles('admin'), ['outside'])
  })
})
