import { PosternError } from '../errors/postern-error.ts'
import type { Reader, Row, Transaction } from '../store/port.ts'
import { readKept, type Kept } from './kept-guards.ts'

/**
 * Brings `tree_guards` in line with where these sections now stand, and all that hangs on them. To be called in the
 * transaction that moved them. What guards is read from the database and not from the types of this process: while a site is
 * changed, processes with the old types and with the new ones move sections alike.
 */
export async function keepGuards(transaction: Transaction, sections: readonly number[]): Promise<void> {
  const kept = await readKept(transaction)
  if (kept === undefined) return
  const seen = new Set<number>()
  for (let level = sections; level.length > 0;) {
    for (const id of level) seen.add(id)
    const changed: number[] = []
    for (const ids of chunks(level)) changed.push(...(await keepLevel(transaction, ids, kept)))
    const next: number[] = []
    for (const ids of chunks(changed)) next.push(...(await sectionsIn(transaction, ids, kept)))
    level = [...new Set(next)].filter((id) => !seen.has(id))
  }
}

/** Refuses to take a section away for good while its rule, or one above it, holds for anything in it: that would be open then. */
export async function refuseUncovering(transaction: Transaction, section: number): Promise<void> {
  const of = { column: 'section', is: 'eq', value: section } as const
  const guard = await transaction.first({ from: 'tree_guards', select: ['guard'], where: of })
  if (guard === undefined) return
  const inside = { column: 'parent', is: 'eq', value: section } as const
  const child = await transaction.first({ from: 'tree', select: ['child'], where: inside })
  if (child === undefined) return
  const detail =
    'Rules of sections hold for what lies in this one, and would hold no more. Move or purge what is in it first.'
  throw new PosternError('CONFLICT', detail)
}

/** Writes the guards of sections whose parents' guards are right; those that changed. */
async function keepLevel(transaction: Transaction, ids: readonly number[], kept: Kept): Promise<number[]> {
  const of = { column: 'child', in: ids } as const
  const edges = await transaction.rows({ from: 'tree', select: ['parent', 'child'], where: of })
  const all = [...new Set([...ids, ...edges.map((row) => Number(row['parent']))])]
  const known = guardsBySection(await guardRows(transaction, all))
  const own = await ownGuards(transaction, ids, kept)
  const changed: number[] = []
  const rows: Row[] = []
  for (const id of ids) {
    const parents = edges.filter((edge) => edge['child'] === id).map((edge) => Number(edge['parent']))
    const above = parents.flatMap((parent) => [...(known.get(parent) ?? [])])
    const wanted = new Map([...(own.get(id) ?? []), ...above])
    const former = known.get(id) ?? new Map<number, string>()
    if (former.size === wanted.size && [...wanted.keys()].every((guard) => former.has(guard))) continue
    changed.push(id)
    for (const [guard, type] of wanted) rows.push({ section: id, guard, guard_type: type })
  }
  if (changed.length === 0) return changed
  await transaction.run({ delete: 'tree_guards', where: { column: 'section', in: changed } })
  await insertGuards(transaction, rows)
  return changed
}

/** In steps that every database takes in one statement. */
export async function insertGuards(transaction: Transaction, rows: readonly Row[]): Promise<void> {
  for (const values of chunks(rows)) await transaction.run({ insert: 'tree_guards', values })
}

/** Those of the sections that guard by themselves. */
async function ownGuards(
  transaction: Transaction,
  ids: readonly number[],
  kept: Kept,
): Promise<Map<number, [number, string][]>> {
  const rows = await transaction.rows({
    from: 'objects',
    select: ['id', 'object_type'],
    where: {
      all: [
        { column: 'id', in: ids },
        { column: 'object_type', in: kept.guards },
      ],
    },
  })
  return new Map(rows.map((row) => [Number(row['id']), [[Number(row['id']), String(row['object_type'])]]]))
}

async function guardRows(reader: Pick<Reader, 'rows'>, sections: readonly number[]): Promise<Row[]> {
  const where = { column: 'section', in: sections } as const
  return reader.rows({ from: 'tree_guards', select: ['section', 'guard', 'guard_type'], where })
}

function guardsBySection(rows: readonly Row[]): Map<number, Map<number, string>> {
  const bySection = new Map<number, Map<number, string>>()
  for (const row of rows) {
    const section = Number(row['section'])
    const guards = bySection.get(section) ?? new Map<number, string>()
    bySection.set(section, guards.set(Number(row['guard']), String(row['guard_type'])))
  }
  return bySection
}

async function sectionsIn(transaction: Transaction, parents: readonly number[], kept: Kept): Promise<number[]> {
  const rows = await transaction.rows({
    from: 'tree',
    as: 'l',
    joins: [{ table: 'objects', as: 'o', on: { column: 'o.id', is: 'eq', other: 'l.child' } }],
    select: ['l.child'],
    where: {
      all: [
        { column: 'l.parent', in: parents },
        { column: 'o.object_type', in: kept.sections, unindexed: true },
      ],
    },
  })
  return rows.map((row) => Number(row['child']))
}

function chunks<Item>(list: readonly Item[]): Item[][] {
  const count = Math.ceil(list.length / most)
  return Array.from({ length: count }, (_, index) => list.slice(index * most, (index + 1) * most))
}

const most = 500
