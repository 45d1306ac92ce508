import { z } from 'zod'
import type { Reader, Transaction } from '../store/port.ts'

/** For which types `tree_guards` is kept: those whose rules hold below them, and all that may hold anything. */
export interface Kept {
  readonly guards: readonly string[]
  readonly sections: readonly string[]
}

/** `undefined` where no type ever had rules for what lies below it: then the table is empty, and nothing is to be kept. */
export async function readKept(reader: Pick<Reader, 'first'>): Promise<Kept | undefined> {
  const where = { column: 'name', is: 'eq', value: factName } as const
  const row = await reader.first({ from: 'content_facts', select: ['value'], where })
  return row === undefined ? undefined : keptSchema.parse(JSON.parse(String(row['value'])))
}

export async function writeKept(transaction: Pick<Transaction, 'run'>, kept: Kept): Promise<void> {
  const values = { name: factName, value: JSON.stringify(kept) }
  await transaction.run({ insert: 'content_facts', values, onConflict: { columns: ['name'], update: ['value'] } })
}

const factName = 'guards of the tree'
const keptSchema = z.object({ guards: z.array(z.string()), sections: z.array(z.string()) })
