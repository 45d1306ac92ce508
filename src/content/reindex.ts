import { must } from '../errors/must.ts'
import type { Row, Store, Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import type { TypeData } from './define-type.ts'
import { ObjectTypes, ownTable, type ObjectType } from './object-types.ts'
import { translationsOf } from './translations.ts'
import { objectWords, searchedNames, writeWords } from './word-index.ts'

export interface Reindexed {
  readonly type: string
  readonly objects: number
}

/**
 * Indexes anew the words of every type whose searched fields are no longer those it was indexed by: a field that was made
 * private is then found no more. To be called once the schema is in place; it does nothing where nothing changed. `all`:
 * whatever changed or not, as after a restore that left the index out.
 */
export async function reindex(
  store: Pick<Store, 'read' | 'write'>,
  types: readonly TypeData[],
  all = false,
): Promise<readonly Reindexed[]> {
  const prepared = new ObjectTypes(types).all
  const wanted = new Map(prepared.map((type) => [`searched ${type.name}`, indexedBy(type)]))
  const where: Predicate = { column: 'name', in: [...wanted.keys()] }
  const rows = await store.read.rows({ from: 'content_facts', select: ['name', 'value'], where })
  const known = new Map(rows.map((row) => [row['name'], row['value']]))
  const changed = prepared.filter(({ name }) => all || known.get(`searched ${name}`) !== wanted.get(`searched ${name}`))
  const done: Reindexed[] = []
  for (const type of changed) done.push({ type: type.name, objects: await indexType(store, type) })
  if (changed.length === 0) return []
  await store.write.transaction(async (transaction) => {
    for (const { name } of changed) {
      const values = { name: `searched ${name}`, value: wanted.get(`searched ${name}`) }
      await transaction.run({ insert: 'content_facts', values, onConflict: { columns: ['name'], update: ['value'] } })
    }
  })
  return done.filter((one) => one.objects > 0)
}

/** Objects that were written before there were pieces, or marks before the words, are indexed anew too. */
function indexedBy(type: ObjectType): string {
  return [type.mark, 'title', 'description', ...searchedNames(type)].join(',')
}

/** In steps, so that other writers come in between. */
async function indexType(store: Pick<Store, 'read' | 'write'>, type: ObjectType): Promise<number> {
  let objects = 0
  for (let after = 0; ;) {
    const rows = await page(store, type, after)
    if (rows.length === 0) return objects
    await store.write.transaction(async (transaction) => {
      await Promise.all(rows.map((row) => writeRow(transaction, type, row)))
    })
    objects += rows.length
    after = Number(must(rows.at(-1), 'a page has a last row')['id'])
  }
}

async function writeRow(transaction: Transaction, type: ObjectType, row: Row): Promise<void> {
  const id = Number(row['id'])
  const texts = Object.values(await translationsOf(transaction, type, id))
  await writeWords(transaction, id, objectWords(type, row, texts))
}

async function page(store: Pick<Store, 'read'>, type: ObjectType, after: number): Promise<Row[]> {
  return store.read.rows({
    from: 'objects',
    as: 'o',
    joins: [ownTable(type)],
    select: ['o.id', 'o.title', 'o.description', ...searchedNames(type).map((name) => `t.${name}`)],
    where: {
      all: [
        { column: 'o.object_type', is: 'eq', value: type.name },
        { column: 'o.id', is: 'gt', value: after },
      ],
    },
    order: [{ column: 'o.id' }],
    limit: 500,
  })
}
