import type { Measured } from './compare.ts'
import type { Row } from './suite.ts'

export interface Aim {
  /** At most this many times the floor. */
  readonly ratio?: number
  /** At most this many µs more than the contender named. */
  readonly more?: { readonly than: string; readonly by: number }
  /** As the first contender, give or take this part. */
  readonly like?: number
}

/** The first contender is the floor; the others are held against it. */
export function ratioRows(name: string, measured: readonly Measured[], aims: Readonly<Record<string, Aim>>): Row[] {
  const floor = measured[0]
  return measured.map((one, index): Row => {
    const row = {
      case: name,
      contender: one.name,
      value: one.median,
      unit: 'µs CPU/request' as const,
      minimum: one.minimum,
      perSecond: one.perSecond,
      p99: one.p99,
      noisy: one.rounds.filter((round) => round.noisy).length,
      rounds: one.rounds.map((round) => round.cpu),
    }
    if (floor === undefined || index === 0) return row
    const ratio = one.median / floor.median
    return { ...row, ratio, ...verdict(one, { ratio, measured, aim: aims[one.name] }) }
  })
}

interface Held {
  readonly ratio: number
  readonly measured: readonly Measured[]
  readonly aim: Aim | undefined
}

function verdict(one: Measured, { ratio, measured, aim }: Held): Pick<Row, 'aim' | 'met'> {
  if (aim?.ratio !== undefined)
    return { aim: `≤ ${aim.ratio} × ${measured[0]?.name ?? 'floor'}`, met: ratio <= aim.ratio }
  if (aim?.like !== undefined)
    return { aim: `${measured[0]?.name ?? 'floor'} ± ${aim.like * 100} %`, met: Math.abs(ratio - 1) <= aim.like }
  if (aim?.more === undefined) return {}
  const { than, by } = aim.more
  const other = measured.find((candidate) => candidate.name === than)
  return { aim: `≤ ${than} + ${by} µs`, met: other !== undefined && one.median <= other.median + by }
}
