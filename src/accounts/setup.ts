import type { Reader, Transaction } from '../store/port.ts'

/** Whether the site still waits for its first administrator: a row says so for ever once there was one. */
export async function isSetupOpen(reader: Reader): Promise<boolean> {
  const where = { column: 'name', is: 'eq', value: 'setup' } as const
  return (await reader.first({ from: 'account_versions', select: ['version'], where })) === undefined
}

/** `false` where it was closed already; of two at once, on whatever node, one hears `true`. */
export async function closeSetup(transaction: Transaction): Promise<boolean> {
  const onConflict = { columns: ['name'], update: [] }
  const closed = await transaction.run({
    insert: 'account_versions',
    values: { name: 'setup', version: 1 },
    onConflict,
  })
  return closed.count === 1
}
