import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestSite, type TestSite } from '../../src/testing/index.ts'
import { copyTestDatabase, createTestDatabase, type TestDatabase } from '../postgres/test-database.ts'

/** Two sites on copies of one database, of which the second has other secrets; the tokens are good on both. */
export interface Twins extends AsyncDisposable {
  readonly left: TestSite
  readonly right: TestSite
  /** Bearer tokens by who they stand for; none of them may read the secrets. */
  readonly tokens: Readonly<Record<string, string | undefined>>
  /** A token of somebody who may: where even this one sees no difference, the test would be blind. */
  readonly insider: string
  readonly ids: readonly number[]
}

const files = {
  'postern.config.ts': `import { defineConfig } from 'postern'
export default defineConfig({ api: {
  whitelistObjectTypes: ['note', 'shelf'],
  validation: { allowedUrlParams: { objects: ['filter[*]'], notes: ['filter[*]'], shelves: ['filter[*]'] } },
}, accounts: { limits: { requests: 0, requestsPerAddress: 0 } } })`,
  'types/note.ts': `import { allow, defineType, field } from 'postern'
export default defineType({
  name: 'note', plural: 'notes',
  fields: {
    body: field.text({ index: true }), rank: field.integer({ index: true }), readers: field.accessList(),
    secret: field.text({ private: true, index: true }), code: field.text({ private: true, unique: true }),
    about: field.reference({ to: 'note' }),
    wage: field.integer({ index: true, read: allow.role('chief'), write: allow.role('chief') }),
    diary: field.text({ index: true, localized: true, read: allow.owner() }),
    marks: field.tags({ read: allow.listed('readers') }),
  },
  relations: { seealso: { to: ['note'], inverse: 'seenby' } },
  rules: { read: allow.any(allow.owner(), allow.listed('readers'), allow.published()), create: allow.role('admin'), update: allow.role('admin'), delete: allow.role('admin') },
})`,
  'types/shelf.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'shelf', plural: 'shelves', section: true, fields: {}, rules: { read: allow.everyone, create: allow.role('admin'), update: allow.role('admin') } })`,
  'types/vault.ts': `import { allow, defineType } from 'postern'
export default defineType({ name: 'vault', section: true, rules: { read: allow.everyone, update: allow.role('admin') }, below: { read: allow.owner() } })`,
}

export async function openTwins(on: 'sqlite' | 'postgres' = 'sqlite'): Promise<Twins> {
  await using opened = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'postern-twin-'))
  opened.defer(() => rmSync(folder, { recursive: true, force: true }))
  const first = on === 'postgres' ? opened.use(await createTestDatabase()) : undefined
  mkdirSync(join(folder, 'left'))
  const seeded = await openTestSite({ files, env: placeOf(join(folder, 'left'), first) })
  const facts = await seed(seeded)
  await seeded.close()
  cpSync(join(folder, 'left'), join(folder, 'right'), { recursive: true })
  const second = first === undefined ? undefined : opened.use(await copyTestDatabase(first))
  const left = opened.use(await openTestSite({ files, env: placeOf(join(folder, 'left'), first) }))
  const right = opened.use(await openTestSite({ files, env: placeOf(join(folder, 'right'), second) }))
  await plantSecrets(right, facts)
  const kept = opened.move()
  return {
    left,
    right,
    tokens: { anonymous: undefined, ...facts.tokens },
    insider: facts.insider,
    ids: facts.ids,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

function placeOf(folder: string, database: TestDatabase | undefined): Readonly<Record<string, string>> {
  return { DATA_DIR: folder, ...(database === undefined ? {} : { DATABASE_URL: database.url }) }
}

interface Facts {
  readonly tokens: Readonly<Record<string, string>>
  readonly insider: string
  readonly ids: readonly number[]
  readonly hidden: readonly number[]
  readonly shown: readonly number[]
  /** Of these, those that no caller owns. */
  readonly withheld: readonly Withheld[]
  readonly closed: Closed
}

interface Withheld {
  readonly id: number
  /** Some of the callers are among its readers. */
  readonly isListed: boolean
}

async function seed(site: TestSite): Promise<Facts> {
  const { accounts, content } = site.house
  const [owner, tom, ann] = [
    await accounts.createUser({ name: 'owner', roles: ['member'] }),
    await accounts.createUser({ name: 'tom', roles: ['member'] }),
    await accounts.createUser({ name: 'ann', roles: ['editor'] }),
  ]
  const shelf = await content.create('shelf', { title: 'Shelf', status: 'on' })
  const ids = [shelf.id]
  const hidden: number[] = []
  const shown: number[] = []
  const withheld: Withheld[] = []
  for (let index = 0; index < 24; index++) {
    const isHidden = index % 3 === 0
    const note = await content.create('note', {
      title: `Note ${index % 5} ${words[index % words.length]}`,
      body: `body ${words[(index * 7) % words.length]} ${index % 4}`,
      rank: index % 6,
      status: isHidden || index % 3 === 1 ? 'draft' : 'on',
      owner: isHidden ? owner.id : index % 2 === 0 ? tom.id : owner.id,
      readers: index % 3 === 1 ? { users: [tom.id], roles: ['editor'] } : null,
      secret: `alpha ${index}`,
      code: `code-${index}`,
      wage: index % 6,
      diary: `alpha ${index % 4}`,
      marks: ['amber', String(index % 4)],
    })
    ids.push(note.id)
    ;(isHidden ? hidden : shown).push(note.id)
    if (!isHidden && note['owner'] === owner.id) withheld.push({ id: note.id, isListed: index % 3 === 1 })
    await content.perform('tree.add', { id: shelf.id, items: [{ child_id: note.id }] })
  }
  await content.perform('relations.add', {
    id: shown[0],
    name: 'seealso',
    items: shown.slice(1, 5).map((id) => ({ related_id: id })),
  })
  const closed = await lockUp(site, { owner: owner.id, seen: shown[0] ?? 0, beside: shown[1] ?? 0 })
  ids.push(...closed.ids)
  const token = async (user?: number) =>
    (await accounts.createToken({ name: 'twin', ...(user === undefined ? {} : { user }) })).token
  return {
    tokens: { token: await token(), tom: await token(tom.id), ann: await token(ann.id) },
    insider: await token(owner.id),
    ids,
    hidden,
    shown,
    withheld,
    closed,
  }
}

/** What nothing but the rule of a section above it hides: notes that are open to all by their own. */
async function lockUp(
  { house: { content } }: TestSite,
  by: { readonly owner: number; readonly seen: number; readonly beside: number },
): Promise<Closed> {
  const vault = await content.create('vault', { title: 'Vault', owner: by.owner })
  const drawer = await content.create('shelf', { title: 'Drawer', parents: [vault.id] })
  const notes: number[] = []
  for (const word of ['amber', 'birch', 'cedar', 'dune']) {
    const fields = { title: `Locked ${word}`, body: `body ${word}`, rank: 3, status: 'on', parents: [drawer.id] }
    notes.push((await content.create('note', { ...fields, owner: by.owner })).id)
  }
  // Seen elsewhere, so that only its place in the drawer is a secret.
  await content.perform('tree.add', { id: drawer.id, items: [by.beside] })
  await content.perform('relations.add', { id: by.seen, name: 'seealso', items: notes.slice(0, 2) })
  return { ids: [vault.id, drawer.id, ...notes], vault: vault.id, drawer: drawer.id, notes, beside: by.beside }
}

interface Closed {
  readonly ids: readonly number[]
  readonly vault: number
  readonly drawer: number
  readonly notes: readonly number[]
  readonly beside: number
}

/** Below the vault nothing stays as it was: texts, ranks, places, and one is gone. */
async function plantBelow({ house: { store } }: TestSite, { vault, drawer, notes, beside }: Closed): Promise<void> {
  const { run } = store.write
  const [first = 0, second = 0, third = 0, fourth = 0] = notes
  const named = { title: 'Zephyr locked', slug: 'zephyr-locked', status: 'off' }
  await run({ update: 'objects', set: named, where: { column: 'id', is: 'eq', value: first } })
  await run({ update: 'objects', set: { title: 'Zephyr drawer' }, where: { column: 'id', is: 'eq', value: drawer } })
  await run({ update: 'type_note', set: { body: 'zephyr', rank: 99 }, where: { column: 'id', in: [first, second] } })
  const inDrawer = { column: 'child', in: [beside, third] } as const
  await run({ delete: 'tree', where: { all: [{ column: 'parent', is: 'eq', value: drawer }, inDrawer] } })
  await run({ insert: 'tree', values: { parent: vault, child: third, position: 7 } })
  await run({ delete: 'objects', where: { column: 'id', is: 'eq', value: fourth } })
}

const words = ['amber', 'birch', 'cedar', 'dune', 'ember', 'fjord', 'gale']

/** In rows that callers see, what only the owner may read, or only those whom the row lists. */
async function plantFields({ house: { store } }: TestSite, { id, isListed }: Withheld): Promise<void> {
  const { run } = store.write
  const where = { column: 'id', is: 'eq', value: id } as const
  await run({ update: 'type_note', set: { diary: `zephyr ${id % 4}` }, where })
  await run({ insert: 'translations', values: { object_id: id, lang: 'de', fields: { diary: 'zephyr' } } })
  if (isListed) return
  const marks = ['zephyr', String(id % 3)]
  await run({ update: 'type_note', set: { marks }, where })
  await run({ delete: 'list_entries', where: { column: 'object_id', is: 'eq', value: id } })
  for (const value of marks) await run({ insert: 'list_entries', values: { object_id: id, field: 'marks', value } })
}

/** Everything that strangers may not learn: private values, the content of hidden rows, links to them, and that one of them is gone. */
async function plantSecrets(site: TestSite, { hidden, shown, withheld, closed }: Facts): Promise<void> {
  const { run } = site.house.store.write
  for (const one of withheld) await plantFields(site, one)
  await plantBelow(site, closed)
  for (const id of shown)
    await run({
      update: 'type_note',
      set: { secret: `omega ${id}`, code: `other-${id}`, wage: 900 + id },
      where: { column: 'id', is: 'eq', value: id },
    })
  const [first, second, third] = hidden
  const rows = { column: 'id', in: [first ?? 0, second ?? 0] } as const
  await run({
    update: 'objects',
    set: { title: 'Zephyr amber', slug: 'zephyr', status: 'off' },
    where: { column: 'id', is: 'eq', value: first ?? 0 },
  })
  await run({ update: 'type_note', set: { body: 'omega', rank: 999, about: second ?? null }, where: rows })
  await run({
    insert: 'links',
    values: { name: 'seealso', source: shown[0] ?? 0, target: first ?? 0, position: 9, inverse_position: 9 },
  })
  await run({ delete: 'tree', where: { column: 'child', is: 'eq', value: second ?? 0 } })
  await run({ delete: 'objects', where: { column: 'id', is: 'eq', value: third ?? 0 } })
}
