import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'
import type { Content, Page, StoredObject } from '../endpoint/content.ts'
import { anonymous } from '../endpoint/caller.ts'
import { allow } from '../rules/allow.ts'
import { defineType } from './define-type.ts'
import { field } from './field.ts'

const everyone = { read: allow.everyone, create: allow.user, update: allow.owner(), delete: allow.owner() }
const folder = defineType({ name: 'folder', section: true, rules: everyone })
const work = defineType({
  name: 'work',
  fields: { year: field.integer() },
  relations: {
    makers: { to: 'maker', inverse: 'works', params: { role: field.text({ required: true }) } },
    seealso: { inverse: 'seealso' },
  },
  rules: { ...everyone, read: allow.any(allow.where({ status: 'on' }), allow.owner()) },
})
const maker = defineType({ name: 'maker', rules: everyone })

describe('what stands around an object', () => {
  let house: ContentHouse
  let kim: Content
  let stranger: Content
  let other: Content

  before(async () => {
    house = await contentHouse([folder, work, maker])
    kim = house.as(user(1))
    other = house.as(user(2))
    stranger = house.as(anonymous)
  })
  after(() => house[Symbol.asyncDispose]())

  async function branch(
    content: Content,
    id: number,
    asked: string | { branch: string; query: object },
  ): Promise<unknown[]> {
    const page = (await content.perform('tree.list', {
      id,
      ...(typeof asked === 'string' ? { branch: asked } : asked),
    })) as Page
    return page.data.map((one) => one['title'])
  }

  async function related(content: Content, id: number, name: string): Promise<unknown[]> {
    return ((await content.perform('relations.list', { id, name })) as Page).data.map((one) => one['title'])
  }

  test('a tree of sections and contents, in order, to any depth', async () => {
    const root = await kim.create('folder', { title: 'root' })
    const inner = await kim.create('folder', { title: 'inner', parents: [root.id] })
    const leaf = await kim.create('work', { title: 'leaf', parents: [inner.id, root.id] })
    const hidden = await kim.create('work', { title: 'hidden', status: 'draft', parents: [root.id] })
    assert.deepEqual(await branch(kim, root.id, 'children'), ['inner', 'leaf', 'hidden'])
    assert.deepEqual(await branch(stranger, root.id, 'children'), ['inner', 'leaf'])
    assert.deepEqual(await branch(stranger, root.id, 'contents'), ['leaf'])
    assert.deepEqual(await branch(stranger, root.id, 'sections'), ['inner'])
    assert.deepEqual(await branch(stranger, root.id, 'descendants'), ['inner', 'leaf'])
    assert.deepEqual(await branch(stranger, leaf.id, 'siblings'), ['inner'])
    assert.deepEqual(await branch(stranger, leaf.id, 'parents'), ['root', 'inner'])
    assert.deepEqual(await branch(stranger, leaf.id, 'ancestors'), ['root', 'inner'])
    assert.deepEqual(await branch(stranger, inner.id, 'siblings'), ['leaf'])
    await assert.rejects(branch(stranger, hidden.id, 'siblings'), { code: 'NOT_FOUND' })
  })

  test('children take places, make room, and leave', async () => {
    const root = await kim.create('folder', { title: 'ordered' })
    const ids: number[] = []
    for (const title of ['a', 'b', 'c', 'd']) ids.push((await kim.create('work', { title, parents: [root.id] })).id)
    await kim.perform('tree.move', { id: root.id, child: ids[3], position: 2, move_siblings: true })
    assert.deepEqual(await branch(kim, root.id, 'children'), ['a', 'd', 'b', 'c'])
    assert.deepEqual(await kim.perform('tree.place', { id: root.id, child: ids[1] }), { position: 3 })
    await kim.perform('tree.remove', { id: root.id, child: ids[0] })
    await assert.rejects(kim.perform('tree.remove', { id: root.id, child: ids[0] }), { code: 'NOT_FOUND' })
    assert.deepEqual(await branch(kim, root.id, 'children'), ['d', 'b', 'c'])
    assert.equal((await kim.read('work', ids[0] ?? 0))?.['title'], 'a')
  })

  test('walks children by cursor in their order', async () => {
    const root = await kim.create('folder', { title: 'walked' })
    for (const title of ['z', 'y', 'x']) await kim.create('work', { title, parents: [root.id] })
    const first = (await kim.perform('tree.list', { id: root.id, branch: 'children', query: { page_size: 2 } })) as Page
    assert.deepEqual(
      first.data.map((one) => one['meta']),
      [{ position: 1 }, { position: 2 }],
    )
    const cursor = first.paging.next ?? ''
    assert.deepEqual(await branch(kim, root.id, { branch: 'children', query: { page_size: 2, cursor } }), ['x'])
    const another = await kim.create('folder', { title: 'another' })
    await assert.rejects(branch(kim, another.id, { branch: 'children', query: { cursor } }), {
      code: 'BAD_QUERY_VALUE',
    })
  })

  test('a section never comes to stand below itself, and has one parent', async () => {
    const top = await kim.create('folder', { title: 'top' })
    const middle = await kim.create('folder', { title: 'middle', parents: [top.id] })
    const bottom = await kim.create('folder', { title: 'bottom', parents: [middle.id] })
    for (const child of [top.id, middle.id, bottom.id]) {
      await assert.rejects(kim.perform('tree.add', { id: bottom.id, items: [{ id: child }] }), { code: 'CONFLICT' })
    }
    await kim.perform('tree.add', { id: top.id, items: [bottom.id] })
    assert.deepEqual(await branch(kim, bottom.id, 'parents'), ['top'])
    await assert.rejects(kim.create('folder', { title: 'two', parents: [top.id, middle.id] }), { code: 'INVALID' })
  })

  test('only who may change a section changes what it holds', async () => {
    const mine = await kim.create('folder', { title: 'mine' })
    const foreign = await other.create('work', { title: 'theirs' })
    await assert.rejects(other.perform('tree.add', { id: mine.id, items: [foreign.id] }), { code: 'FORBIDDEN' })
    await assert.rejects(other.create('work', { title: 'sneaked', parents: [mine.id] }), { code: 'FORBIDDEN' })
    assert.deepEqual(await branch(kim, mine.id, 'children'), [])
    await assert.rejects(kim.perform('tree.add', { id: foreign.id, items: [mine.id] }), { code: 'FORBIDDEN' })
    const draft = await other.create('work', { title: 'their draft', status: 'draft' })
    for (const id of [draft.id, 999_999])
      await assert.rejects(kim.perform('tree.add', { id: mine.id, items: [id] }), { code: 'INVALID' })
  })

  test('relations have an order and params, and are seen from both sides', async () => {
    const ann = await kim.create('maker', { title: 'Ann' })
    const bob = await kim.create('maker', { title: 'Bob' })
    const links = [
      { id: bob.id, params: { role: 'painter' } },
      { id: ann.id, params: { role: 'engraver' } },
    ]
    const one = await kim.create('work', { title: 'one', relations: { makers: links } })
    assert.deepEqual(await related(stranger, one.id, 'makers'), ['Bob', 'Ann'])
    assert.deepEqual(await related(stranger, bob.id, 'works'), ['one'])
    assert.deepEqual(await stranger.perform('relations.read', { id: one.id, name: 'makers', related: ann.id }), {
      position: 2,
      params: { role: 'engraver' },
    })
    await kim.perform('relations.change', {
      id: one.id,
      name: 'makers',
      related: ann.id,
      position: 1,
      params: { role: 'both' },
    })
    await kim.perform('relations.change', { id: one.id, name: 'makers', related: bob.id, position: 2 })
    assert.deepEqual(await related(stranger, one.id, 'makers'), ['Ann', 'Bob'])
    assert.deepEqual(await stranger.perform('relations.count', { id: one.id }), { makers: { count: 2 } })
    await kim.perform('relations.remove', { id: one.id, name: 'makers', related: bob.id })
    assert.deepEqual(await related(stranger, bob.id, 'works'), [])
    await kim.update('work', one.id, { relations: { makers: [] } })
    assert.deepEqual(await stranger.perform('relations.count', { id: one.id }), {})
  })

  test('a relation that both sides call the same is seen from both, and taken from both', async () => {
    const a = await kim.create('work', { title: 'a' })
    const b = await kim.create('work', { title: 'b', relations: { seealso: [a.id] } })
    assert.deepEqual([await related(kim, a.id, 'seealso'), await related(kim, b.id, 'seealso')], [['b'], ['a']])
    await kim.perform('relations.remove', { id: a.id, name: 'seealso', related: b.id })
    assert.deepEqual([await related(kim, a.id, 'seealso'), await related(kim, b.id, 'seealso')], [[], []])
  })

  test('refuses relations that are dangling, forbidden, unknown or without what they require', async () => {
    const one = await kim.create('work', { title: 'refusing' })
    const ann = await kim.create('maker', { title: 'Refused Ann' })
    const add = (name: string, items: unknown, content = kim): Promise<unknown> =>
      content.perform('relations.add', { id: one.id, name, items })
    await assert.rejects(add('makers', [{ id: 999_999, params: { role: 'x' } }]), { code: 'INVALID' })
    await assert.rejects(add('makers', [{ id: one.id, params: { role: 'x' } }]), { code: 'INVALID' })
    await assert.rejects(add('makers', [{ id: ann.id }]), { code: 'INVALID' })
    await assert.rejects(add('makers', [{ id: ann.id, params: { role: 'x', more: 1 } }]), { code: 'INVALID' })
    await assert.rejects(add('makers', [{ id: ann.id, params: { role: 'x' }, extra: 1 }]), { code: 'UNKNOWN_FIELD' })
    await assert.rejects(add('nothing', [ann.id]), { code: 'BAD_REQUEST' })
    await assert.rejects(add('makers', [{ id: ann.id, params: { role: 'x' } }], other), { code: 'FORBIDDEN' })
    await assert.rejects(
      other.perform('relations.add', { id: ann.id, name: 'works', items: [{ id: one.id, params: { role: 'x' } }] }),
      { code: 'FORBIDDEN' },
    )
    assert.deepEqual(await related(kim, one.id, 'makers'), [])
  })

  test('V12 V02 embeds, counts and lists only what may be seen', async () => {
    const ann = await kim.create('maker', { title: 'Embedded' })
    const titles = ['e1', 'e2', 'e3', 'e4']
    for (const title of titles)
      await kim.create('work', {
        title,
        status: title === 'e1' ? 'draft' : 'on',
        relations: { makers: [{ id: ann.id, params: { role: 'x' } }] },
      })
    const embedded = async (content: Content): Promise<unknown[]> => {
      const found = (await content.read('maker', ann.id, { embed: { relations: 'works|2' } })) as StoredObject & {
        relations: { works: { objects: StoredObject[] } }
      }
      return found.relations.works.objects.map((one) => one['title'])
    }
    assert.deepEqual(await embedded(stranger), ['e2', 'e3'])
    assert.deepEqual(await embedded(kim), ['e1', 'e2'])
    assert.deepEqual(await stranger.perform('relations.count', { id: ann.id }), { works: { count: 3 } })
    const list = await stranger.list('work', {
      filter: { status: 'on' },
      sort: '-id',
      page_size: 3,
      embed: { relations: 'makers' },
    })
    for (const one of list.data) {
      const { makers } = one['relations'] as { makers: { objects: { title: string; meta: unknown }[] } }
      assert.deepEqual(
        makers.objects.map((each) => [each.title, each.meta]),
        [['Embedded', { position: 1, relation_params: { role: 'x' } }]],
      )
    }
    await assert.rejects(stranger.list('work', { embed: { relations: 'makers|9' } }), { code: 'BAD_QUERY_VALUE' })
    await assert.rejects(stranger.list('work', { embed: { relations: 'nothing' } }), { code: 'BAD_QUERY_VALUE' })
    await assert.rejects(stranger.list('work', { embed: { relations: 'makers|-1' } }), { code: 'BAD_QUERY_VALUE' })
  })
})

describe('filters by what an object is tied to', () => {
  let house: ContentHouse
  let kim: Content
  let stranger: Content
  const tagged = defineType({
    name: 'photo',
    fields: { tags: field.tags(), moods: field.select({ options: ['calm', 'wild'], multiple: true }) },
    rules: everyone,
  })

  before(async () => {
    house = await contentHouse([folder, work, maker, tagged])
    kim = house.as(user(1))
    stranger = house.as(anonymous)
  })
  after(() => house[Symbol.asyncDispose]())

  async function found(filter: Record<string, unknown>, content = stranger): Promise<unknown[]> {
    return (await content.list('work', { filter })).data.map((one) => one['title'])
  }

  test('by relation, by place in the tree, and by what is below', async () => {
    const top = await kim.create('folder', { title: 'top' })
    const low = await kim.create('folder', { title: 'low', parents: [top.id] })
    const ann = await kim.create('maker', { title: 'Ann', parents: [low.id] })
    const bob = await kim.create('maker', { title: 'Bob' })
    const by = (one: StoredObject): object => ({ makers: [{ id: one.id, params: { role: 'x' } }] })
    await kim.create('work', { title: 'of Ann', parents: [low.id], relations: by(ann) })
    await kim.create('work', { title: 'of Bob', parents: [top.id], relations: by(bob) })
    assert.deepEqual(await found({ makers: ann.id }), ['of Ann'])
    assert.deepEqual(await found({ makers: `${ann.id},${bob.id}` }), ['of Ann', 'of Bob'])
    assert.deepEqual(await found({ makers: { within: top.id } }), ['of Ann'])
    assert.deepEqual(await found({ parent: top.id }), ['of Bob'])
    assert.deepEqual(await found({ ancestor: top.id }), ['of Ann', 'of Bob'])
    assert.deepEqual(await found({ makers: 999_999 }), [])
    for (const filter of [{ makers: 'x' }, { makers: -1 }, { parent: '1;2' }])
      await assert.rejects(found(filter), { code: 'BAD_QUERY_VALUE' })
    await assert.rejects(found({ makers: { gt: 1 } }), { code: 'UNKNOWN_QUERY' })
  })

  test('what may not be seen ties nothing', async () => {
    const hidden = await kim.create('work', { title: 'hidden', status: 'draft' })
    await kim.create('work', { title: 'open', relations: { seealso: [hidden.id] } })
    assert.deepEqual(await found({ seealso: hidden.id }), [])
    assert.deepEqual(await found({ seealso: hidden.id }, kim), ['open'])
  })

  test('lists of words find their objects', async () => {
    const one = await kim.create('photo', { title: 'one', tags: ['red', 'old house'], moods: ['calm'] })
    await kim.create('photo', { title: 'two', tags: ['red'], moods: ['calm', 'wild'] })
    const photos = async (filter: Record<string, unknown>): Promise<unknown[]> =>
      (await stranger.list('photo', { filter })).data.map((each) => each['title'])
    assert.deepEqual(await photos({ tags: 'old house' }), ['one'])
    assert.deepEqual(await photos({ tags: 'red', moods: 'wild' }), ['two'])
    assert.deepEqual(await photos({ tags: 'old house,nothing' }), ['one'])
    await kim.update('photo', one.id, { tags: ['new'] })
    assert.deepEqual(await photos({ tags: 'old house' }), [])
    assert.deepEqual((await stranger.read('photo', one.id))?.['tags'], ['new'])
    for (const tags of ['red', [1], [''], ['a,b'], Array.from({ length: 101 }, (_, index) => `t${index}`)]) {
      await assert.rejects(kim.create('photo', { tags }), { code: 'INVALID' })
    }
    await assert.rejects(kim.create('photo', { moods: ['angry'] }), { code: 'INVALID' })
  })
})
