/** What the total of a list costs that nobody has counted before: the statements of the floor, without a server around them. */
import { must } from '../../src/errors/must.ts'
import { FloorDatabase } from '../floor/floor-database.ts'
import { wordAt } from '../harness/fill.ts'
import type { Row } from '../harness/suite.ts'

export interface Counted {
  readonly objects: number
  readonly file: string
}

/** Each on every size in turn; the first size is what the others are held against. */
export function totalRows(sizes: readonly Counted[]): Row[] {
  const sides = sizes.map(({ objects, file }) => ({ objects, database: new FloorDatabase(file) }))
  return totals.flatMap(([name, count]) => {
    const rounds = sides.map((): number[] => [])
    for (let round = 0; round < 5; round += 1) {
      for (const [index, { database }] of sides.entries()) rounds[index]?.push(cpuOf(() => count(database)))
    }
    const least = rounds.map((each) => Math.min(...each))
    return sides.map(({ objects }, index): Row => {
      const value = must(least[index], 'there is one for each size')
      const ratio = index === 0 ? {} : { ratio: value / must(least[0], 'there is a first') }
      const contender = `${objects.toLocaleString('en')} objects`
      return { case: `total of ${name}, counted anew`, contender, value, unit: 'µs', ...ratio }
    })
  })
}

const totals: readonly (readonly [name: string, count: (database: FloorDatabase) => number])[] = [
  ['a range', (database) => database.countAnew('price', Math.floor(Math.random() * 900_000))],
  ['a word', (database) => database.countAnew('word', wordAt(0.3 + Math.random() * 0.7))],
  ['an owner', (database) => database.countAnew('owner', 1)],
]

/** µs of CPU time of one, of many within a quarter of a second. */
function cpuOf(work: () => number): number {
  const until = performance.now() + 250
  const before = process.cpuUsage()
  let times = 0
  for (; performance.now() < until; times += 1) work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}
