import type { Store } from '../store/port.ts'

/** Whether a database was ever served in production: from then on, types only change by files. */
export async function wasServed(store: Pick<Store, 'read' | 'reshape'>): Promise<boolean> {
  const isThere = await store.reshape(({ hasTable }) => hasTable('content_facts'))
  return isThere && isMarked(store)
}

export async function markServed(store: Pick<Store, 'read' | 'write'>): Promise<void> {
  if (await isMarked(store)) return
  const values = { name: served, value: new Date().toISOString() }
  await store.write.run({ insert: 'content_facts', values, onConflict: { columns: ['name'], update: [] } })
}

async function isMarked({ read }: Pick<Store, 'read'>): Promise<boolean> {
  const where = { column: 'name', is: 'eq', value: served } as const
  return (await read.first({ from: 'content_facts', select: ['value'], where })) !== undefined
}

const served = 'served in production'
