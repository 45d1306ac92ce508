import type { Page, StoredObject } from '../../endpoint/content.ts'
import type { Row } from '../../store/port.ts'
import type { Actor } from '../actor.ts'
import { visibleAmong } from '../find-visible.ts'
import type { ObjectType } from '../object-types.ts'
import type { Input, Parts } from '../parts.ts'
import { list } from '../list.ts'
import { shownTexts, translationsOf } from '../translations.ts'
import { placesOf } from '../tree-walks.ts'

export interface ExportPage {
  readonly items: readonly StoredObject[]
  readonly next: string | null
}

/**
 * `{ type, cursor? }`: a page of objects as the actor may read them, with their places in the tree, the links they declare
 * and their texts in other languages. Others, in references too, are named by their slugs, which mean the same on another
 * server.
 */
export async function exportObjects(parts: Parts, input: Input, actor: Actor): Promise<ExportPage> {
  const type = parts.types.named(input['type'])
  const { cursor } = input
  const query = { page_size: 100, ...(typeof cursor === 'string' ? { cursor } : {}) }
  const page: Page = await list({ types: [type], name: 'export' }, query, { parts, actor })
  const ids = page.data.map((one) => one.id)
  const tree = await parts.read.rows({
    from: 'tree',
    as: 'p',
    select: ['p.parent', 'p.child', 'p.position'],
    where: await placesOf(ids, { parts, actor }),
    order: [{ column: 'p.child' }, { column: 'p.parent' }],
  })
  const links = await parts.read.rows({
    from: 'links',
    select: ['name', 'source', 'target', 'position', 'params'],
    where: { column: 'source', in: ids },
    order: [{ column: 'source' }, { column: 'name' }, { column: 'position' }, { column: 'target' }],
  })
  const references = type.publicNames.filter((name) => type.fields[name]?.kind === 'reference')
  const others = [
    ...tree.map((row) => Number(row['parent'])),
    ...links.map((row) => Number(row['target'])),
    ...page.data.flatMap((one) => references.map((name) => one[name]).filter((id) => typeof id === 'number')),
  ]
  const slugs = await visibleSlugs([...new Set(others)], parts, actor)
  const items: StoredObject[] = []
  for (const one of page.data) {
    const named = namedBySlug(one, references, slugs)
    items.push({
      ...one,
      ...named,
      ...tiesOf(one.id, { type, tree, links, slugs }),
      ...(await textsOf(one, type, parts)),
    })
  }
  return { items, next: page.paging.next }
}

async function visibleSlugs(ids: readonly number[], parts: Parts, actor: Actor): Promise<ReadonlyMap<number, string>> {
  const seen = [...(await visibleAmong(ids, parts.types.all, { parts, actor })).keys()]
  const rows = await parts.read.rows({ from: 'objects', select: ['id', 'slug'], where: { column: 'id', in: seen } })
  return new Map(rows.map((row) => [Number(row['id']), String(row['slug'])]))
}

/** What the actor does not see is named by nothing. */
function namedBySlug(one: StoredObject, references: readonly string[], slugs: ReadonlyMap<number, string>): Row {
  const named: Row = {}
  for (const name of references) {
    const slug = slugs.get(Number(one[name]))
    if (name in one) named[name] = slug === undefined ? null : { slug }
  }
  return named
}

interface Around {
  readonly type: ObjectType
  readonly tree: readonly Row[]
  readonly links: readonly Row[]
  readonly slugs: ReadonlyMap<number, string>
}

function tiesOf(id: number, { type, tree, links, slugs }: Around): Row {
  const ties: Row = {}
  const parents = tree.filter((row) => row['child'] === id && slugs.has(Number(row['parent'])))
  if (parents.length > 0)
    ties['parents'] = parents.map((row) => ({ slug: slugs.get(Number(row['parent'])), position: row['position'] }))
  const relations: Record<string, Row[]> = {}
  for (const row of links) {
    const name = String(row['name'])
    const slug = slugs.get(Number(row['target']))
    if (row['source'] !== id || slug === undefined || !Object.hasOwn(type.relations, name)) continue
    relations[name] = [
      ...(relations[name] ?? []),
      { slug, position: row['position'], ...(row['params'] === null ? {} : { params: row['params'] }) },
    ]
  }
  if (Object.keys(relations).length > 0) ties['relations'] = relations
  return ties
}

async function textsOf(one: StoredObject, type: ObjectType, parts: Parts): Promise<Row> {
  const translations = shownTexts(await translationsOf(parts.read, type, one.id), one)
  return Object.keys(translations).length > 0 ? { translations } : {}
}
