/** What the campaigns write, and how they find out whether something acknowledged was lost, torn or doubled. */
import type { Row, Store } from '../../src/store/port.ts'
import type { Schema } from '../../src/store/table.ts'

export const ledgerSchema: Schema = {
  room: 'ledger',
  tables: [
    {
      name: 'ledger',
      // Nothing is unique here on purpose: what is written twice must show.
      columns: {
        id: { type: 'id' },
        round: { type: 'text' },
        entry: { type: 'text' },
        half: { type: 'integer' },
        filler: { type: 'text' },
      },
      indexes: [{ columns: ['round', 'entry'] }],
    },
  ],
}

/** Every third entry is a transaction of two rows with a question between them, the others are one row. */
export function halvesOf(entry: number): number {
  return entry % 3 === 0 ? 2 : 1
}

export async function writeEntry(store: Store, round: string, number: number): Promise<void> {
  const row = (half: number): Row => ({ round, entry: `${number}`, half, filler: 'x'.repeat(number % 300) })
  if (halvesOf(number) === 1) {
    await store.write.run({ insert: 'ledger', values: row(1) })
    return
  }
  await store.write.transaction(async ({ run, count }) => {
    await run({ insert: 'ledger', values: row(1) })
    const where = {
      all: [
        { column: 'round', is: 'eq', value: round },
        { column: 'entry', is: 'eq', value: `${number}` },
      ],
    } as const
    if ((await count({ from: 'ledger', select: [], where })) !== 1)
      throw new Error('A transaction does not see its own row')
    await run({ insert: 'ledger', values: row(2) })
  })
}

export interface Verdict {
  readonly acknowledged: number
  readonly lost: number
  /** Half a transaction. */
  readonly torn: number
  readonly doubled: number
}

/** Compares what was acknowledged in a round with what is there. */
export async function judge(store: Store, round: string, acknowledged: ReadonlySet<number>): Promise<Verdict> {
  const where = { column: 'round', is: 'eq', value: round } as const
  const rows = await store.read.rows({ from: 'ledger', select: ['entry', 'half'], where })
  const found = new Map<number, number[]>()
  for (const row of rows)
    found.set(Number(row['entry']), [...(found.get(Number(row['entry'])) ?? []), Number(row['half'])])
  let torn = 0
  let doubled = 0
  for (const [entry, halves] of found) {
    if (new Set(halves).size < halvesOf(entry)) torn++
    if (halves.length > halvesOf(entry)) doubled++
  }
  const lost = [...acknowledged].filter((entry) => !found.has(entry)).length
  return { acknowledged: acknowledged.size, lost, torn, doubled }
}

/** A verdict on nothing is broken too. */
export function isBroken({ acknowledged, lost, torn, doubled }: Verdict): boolean {
  return acknowledged === 0 || lost + torn + doubled > 0
}

export function sumOf(verdicts: readonly Verdict[]): Verdict {
  const sum = (name: keyof Verdict): number => verdicts.reduce((total, one) => total + one[name], 0)
  return { acknowledged: sum('acknowledged'), lost: sum('lost'), torn: sum('torn'), doubled: sum('doubled') }
}
