import type { Row, Store, Transaction } from '../store/port.ts'
import type { TypeData } from './define-type.ts'
import { readKept, writeKept, type Kept } from './kept-guards.ts'
import { ObjectTypes } from './object-types.ts'
import { insertGuards } from './write-guards.ts'

/**
 * Works out which rules of sections hold where, when a type begins to have some, for the whole tree and in one transaction;
 * from then on moves keep it right. To be called once the schema is in place. Types that no longer have such rules go on
 * being kept, so that nothing is stale when they have them again; nobody asks for them meanwhile.
 */
export async function settleGuards(store: Pick<Store, 'read' | 'write'>, types: readonly TypeData[]): Promise<void> {
  const prepared = new ObjectTypes(types)
  if (prepared.guards.length === 0) return
  const wanted: Kept = {
    guards: prepared.guards.map((type) => type.name),
    sections: prepared.all.filter((type) => type.section).map((type) => type.name),
  }
  const known = await readKept(store.read)
  if (known !== undefined && holds(known, wanted)) return
  await store.write.transaction(async (transaction) => {
    const before = await readKept(transaction)
    const kept: Kept = {
      guards: [...new Set([...(before?.guards ?? []), ...wanted.guards])],
      sections: [...new Set([...(before?.sections ?? []), ...wanted.sections])],
    }
    await transaction.run({ delete: 'tree_guards', where: true })
    await insertGuards(transaction, await guardsOfAll(transaction, kept))
    await writeKept(transaction, kept)
  })
}

function holds(known: Kept, wanted: Kept): boolean {
  return (
    wanted.guards.every((name) => known.guards.includes(name)) &&
    wanted.sections.every((name) => known.sections.includes(name))
  )
}

/** Each guard with all sections below it, itself among them. */
async function guardsOfAll(transaction: Transaction, kept: Kept): Promise<Row[]> {
  const guards = await transaction.rows({
    from: 'objects',
    select: ['id', 'object_type'],
    where: { column: 'object_type', in: kept.guards },
  })
  const inside = await sectionsByParent(transaction, kept)
  return guards.flatMap((row) => {
    const guard = Number(row['id'])
    const held = new Set([guard])
    for (const section of held) for (const one of inside.get(section) ?? []) held.add(one)
    return [...held].map((section) => ({ section, guard, guard_type: row['object_type'] }))
  })
}

async function sectionsByParent(transaction: Transaction, kept: Kept): Promise<Map<number, number[]>> {
  const rows = await transaction.rows({
    from: 'objects',
    as: 'o',
    joins: [{ table: 'tree', as: 'l', on: { column: 'l.child', is: 'eq', other: 'o.id' } }],
    select: ['l.parent', 'l.child'],
    where: { column: 'o.object_type', in: kept.sections },
  })
  const byParent = Map.groupBy(rows, (row) => Number(row['parent']))
  return new Map([...byParent].map(([parent, places]) => [parent, places.map((row) => Number(row['child']))]))
}
