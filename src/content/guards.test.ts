import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { anonymous } from '../endpoint/caller.ts'
import type { Content } from '../endpoint/content.ts'
import { contentHouse, user, type ContentHouse } from '../../test/fixtures/content-house.ts'
import { allow } from '../rules/allow.ts'
import type { Row } from '../store/port.ts'
import { contentFor } from './content-for.ts'
import { defineType, type TypeData } from './define-type.ts'
import { field } from './field.ts'
import { createContentRoom } from './room.ts'
import { settleGuards } from './settle-guards.ts'

const rules = { read: allow.everyone, create: allow.user, update: allow.user, delete: allow.user }
const shelf = defineType({ name: 'shelf', section: true, rules })
const doc = defineType({ name: 'doc', fields: { about: field.reference({ to: 'doc' }) }, rules })
const readers = { readers: field.accessList(), open: field.boolean() }
const room = defineType({
  name: 'room',
  section: true,
  fields: readers,
  rules,
  below: { read: allow.any(allow.listed('readers'), allow.where({ open: true })) },
})
/** The same room before anybody gave it a rule for what lies below. */
const plain = defineType({ name: 'room', section: true, fields: readers, rules })
const notice = defineType({ name: 'notice', section: true, rules, below: { read: allow.published() } })
const all = [shelf, room, notice, doc]

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

async function titles(content: Content): Promise<string[]> {
  const found = await content.list('doc', { page_size: 100, sort: 'id' })
  assert.equal(found.paging.total, found.data.length)
  return found.data.map((one) => String(one['title']))
}

async function kept({ store }: ContentHouse): Promise<Row[]> {
  const select = ['section', 'guard', 'guard_type']
  return store.read.rows({ from: 'tree_guards', select, order: [{ column: 'section' }, { column: 'guard' }] })
}

/** What the table should hold and who should see what, worked out without any of it: step by step along the edges. */
class Oracle {
  readonly sections: number[] = []
  readonly docs: number[] = []
  readonly #parents = new Map<number, readonly number[]>()
  readonly #types = new Map<number, string>()
  readonly #rooms = new Map<number, { readonly users: readonly number[]; readonly open: boolean }>()

  async plant({ system }: ContentHouse, roll: (sides: number) => number): Promise<void> {
    for (let index = 0; index < 14; index++) {
      const type = index % 3 === 0 ? 'room' : index % 7 === 1 ? 'notice' : 'shelf'
      const parents = index > 2 ? [this.sections[roll(index)] ?? 0] : []
      const said = { users: roll(2) === 0 ? [1] : [], open: roll(4) === 0 }
      const own = type === 'room' ? { readers: { users: said.users }, open: said.open } : {}
      const { id } = await system.create(type, { title: `s${index}`, parents, ...own })
      if (type === 'room') this.#rooms.set(id, said)
      this.#types.set(id, type)
      this.#parents.set(id, parents)
      this.sections.push(id)
    }
    for (let index = 0; index < 12; index++) {
      const parents = [...new Set(Array.from({ length: roll(3) }, () => this.sections[roll(14)] ?? 0))]
      const { id } = await system.create('doc', { title: `d${index}`, parents })
      this.#parents.set(id, parents)
      this.docs.push(id)
    }
  }

  /** A move of something to somewhere; whether it came about. */
  async move({ system }: ContentHouse, roll: (sides: number) => number): Promise<boolean> {
    const isSection = roll(3) > 0
    const from = isSection ? this.sections : this.docs
    const child = from[roll(from.length)] ?? 0
    const parent = this.sections[roll(14)] ?? 0
    const before = this.#parents.get(child) ?? []
    const isUp = roll(5) === 0
    const wanted = isUp ? before.slice(1) : isSection ? [parent] : [...new Set([...before, parent])]
    try {
      if (!isUp && roll(2) === 0) await system.perform('tree.add', { id: parent, items: [child] })
      else await system.update('objects', child, { parents: wanted })
      this.#parents.set(child, wanted)
      return true
    } catch (thrown) {
      assert.equal((thrown as { code?: unknown }).code, 'CONFLICT', 'only below itself may nothing go')
      return false
    }
  }

  rows(): Row[] {
    return this.sections.flatMap((section) =>
      this.#guards(section).map((guard) => ({ section, guard, guard_type: this.#types.get(guard) })),
    )
  }

  seenBy(who: number): number[] {
    return this.docs.filter((id) => {
      const parents = this.#parents.get(id) ?? []
      return parents.length === 0 || parents.some((one) => this.#guards(one).every((guard) => this.#lets(who, guard)))
    })
  }

  #guards(section: number): number[] {
    const above = (this.#parents.get(section) ?? []).flatMap((parent) => this.#guards(parent))
    const isGuard = this.#types.get(section) !== 'shelf'
    return [...above, ...(isGuard ? [section] : [])].toSorted((a, b) => a - b)
  }

  #lets(who: number, guard: number): boolean {
    const said = this.#rooms.get(guard)
    return said === undefined || said.open || said.users.includes(who)
  }
}

describe('rules of sections', () => {
  test('hold after any moves for what an honest walk up the tree finds, whoever asks', async () => {
    await using house = await contentHouse(all)
    const oracle = new Oracle()
    const roll = dice(7)
    await oracle.plant(house, roll)
    let moved = 0
    for (let index = 1; index <= 60; index++) {
      if (await oracle.move(house, roll)) moved++
      if (index % 10 > 0) continue
      assert.deepEqual(await kept(house), oracle.rows())
      for (const who of [0, 1, 2]) {
        const content = house.as(who === 0 ? anonymous : user(who))
        const { data } = await content.list('doc', { page_size: 100, sort: 'id' })
        const seen = oracle.seenBy(who)
        assert.deepEqual(
          data.map((one) => one.id),
          seen,
        )
        for (const id of oracle.docs.slice(0, 4))
          assert.equal((await content.read('doc', id)) !== null, seen.includes(id))
      }
    }
    assert.ok(moved > 30, `${moved} moves`)
  })

  test('hold for a tree that was there before them, and for moves by processes that do not know them', async () => {
    await using house = await contentHouse([shelf, plain, doc])
    const { system } = house
    const outer = await system.create('room', { title: 'outer', readers: { users: [1] } })
    const inner = await system.create('shelf', { title: 'inner', parents: [outer.id] })
    const inside = await system.create('doc', { title: 'inside', parents: [inner.id] })
    await system.create('doc', { title: 'outside' })
    assert.deepEqual(await titles(house.as(anonymous)), ['inside', 'outside'])
    assert.deepEqual(await kept(house), [], 'nothing is kept for a site without such rules')

    const now = (types: readonly TypeData[]): ((who: number) => Content) => {
      const { read, write } = house.store
      const made = createContentRoom({ types, read, write })
      return (who) => contentFor(made, { caller: who === 0 ? anonymous : user(who) })
    }
    await settleGuards(house.store, [shelf, room, doc])
    const as = now([shelf, room, doc])
    assert.deepEqual(await titles(as(0)), ['outside'])
    assert.deepEqual(await titles(as(1)), ['inside', 'outside'])
    assert.equal(await as(2).read('doc', inside.id), null)

    const other = await system.create('room', { title: 'made by a process of old' })
    await system.update('shelf', inner.id, { parents: [other.id] })
    assert.deepEqual(await titles(as(1)), ['outside'], 'nobody is a reader of the room it is in now')
    await settleGuards(house.store, [shelf, plain, doc])
    await system.update('shelf', inner.id, { parents: [outer.id] })
    await settleGuards(house.store, [shelf, room, doc])
    assert.deepEqual(await titles(as(1)), ['inside', 'outside'], 'moved while no type had rules')
    assert.deepEqual(await titles(as(2)), ['outside'])
  })

  test('hold for new kinds of sections, whose objects lay there before', async () => {
    const files = defineType({ name: 'file', section: false, rules })
    const folders = defineType({ name: 'file', section: true, rules })
    await using house = await contentHouse([room, files, doc])
    const closed = await house.system.create('room', { title: 'closed' })
    const file = await house.system.create('file', { title: 'was a leaf', parents: [closed.id] })
    await settleGuards(house.store, [room, folders, doc])
    const made = createContentRoom({ types: [room, folders, doc], read: house.store.read, write: house.store.write })
    await contentFor(made, { caller: anonymous, system: 'test' }).create('doc', { title: 'deep', parents: [file.id] })
    assert.deepEqual(await titles(contentFor(made, { caller: user(1) })), [])
  })

  test('64 moves at once between closed rooms never show what is in them to those who read meanwhile', async () => {
    await using house = await contentHouse(all)
    const { system } = house
    const rooms = [
      await system.create('room', { title: 'first', readers: { users: [1] } }),
      await system.create('room', { title: 'second', readers: { users: [2] } }),
    ]
    const box = await system.create('shelf', { title: 'box', parents: [rooms[0]?.id] })
    const deep = await system.create('shelf', { title: 'deep', parents: [box.id] })
    const secret = await system.create('doc', { title: 'secret', parents: [deep.id] })
    const stranger = house.as(user(3))
    let isDone = false
    let reads = 0
    const look = async (): Promise<void> => {
      while (!isDone) {
        assert.deepEqual(await titles(stranger), [])
        assert.equal(await stranger.read('doc', secret.id), null)
        assert.equal(await stranger.read('shelf', box.id), null)
        await assert.rejects(stranger.perform('tree.list', { id: deep.id, branch: 'children' }), { code: 'NOT_FOUND' })
        reads++
        await setImmediate()
      }
    }
    const looking = look()
    const moves = Array.from({ length: 64 }, (_, index) => {
      const target = rooms[index % 2]?.id ?? 0
      return index % 3 === 0
        ? system.perform('tree.add', { id: target, items: [box.id] })
        : system.update('shelf', box.id, { parents: [target] })
    })
    await Promise.all(moves)
    isDone = true
    await looking
    assert.ok(reads > 0)
    const [place] = ((await system.perform('tree.list', { id: box.id, branch: 'parents' })) as { data: Row[] }).data
    const holder = rooms.findIndex((one) => one.id === place?.['id']) + 1
    assert.deepEqual(await titles(house.as(user(holder))), ['secret'])
    assert.deepEqual(await titles(house.as(user(3 - holder))), [])
  })

  test('follow the clock and the state of the section, and need no more than a changed row', async () => {
    await using house = await contentHouse(all)
    const board = await house.system.create('notice', { title: 'board', status: 'draft' })
    await house.system.create('doc', { title: 'news', parents: [board.id] })
    assert.deepEqual(await titles(house.as(user(1))), [])
    await house.system.update('notice', board.id, { status: 'on' })
    assert.deepEqual(await titles(house.as(user(1))), ['news'])
    await house.system.update('notice', board.id, { published_until: '2020-01-01T00:00:00Z' })
    assert.deepEqual(await titles(house.as(user(1))), [])
  })

  test('keep references from leading to what is below', async () => {
    await using house = await contentHouse(all)
    const closed = await house.system.create('room', { title: 'closed' })
    const hidden = await house.system.create('doc', { title: 'hidden', parents: [closed.id] })
    const tom = house.as(user(1))
    await assert.rejects(tom.create('doc', { title: 'points', about: hidden.id }), { code: 'INVALID' })
    assert.deepEqual(await titles(tom), [])
  })

  test('are refused where they could not hold', () => {
    assert.throws(() => defineType({ name: 'leaf', below: { read: allow.user } }), /leaf\.below: only a section/)
    const below: object = { create: allow.user }
    assert.throws(() => defineType({ name: 'odd', section: true, below }), /odd\.below does not know "create"/)
  })
})
