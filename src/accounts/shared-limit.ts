import { PosternError } from '../errors/postern-error.ts'
import type { Row, Writer } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { isoTime } from './duration.ts'
import { noLimit, tooManyTries, type RareLimit } from './rare-limit.ts'
import { digest } from './secret.ts'

/**
 * The same as `rareLimit`, counted in the database that several nodes share, so that whoever asks them in turn gets no
 * further than at one. Every statement is atomic by itself: of a thousand tries at once, on whatever nodes, exactly
 * `points` pass. A try costs one statement, and three where it is the first of its window.
 */
export function sharedLimit(
  options: { readonly name: string; readonly points: number; readonly seconds: number },
  { writer, now }: { readonly writer: Pick<Writer, 'run'>; readonly now: () => number },
): RareLimit {
  const { name, points, seconds } = options
  // The length of a name that somebody made up is theirs; that of the key is ours.
  const keyOf = (key: string): string => digest(`${name} ${key}`)

  const full = new Map<string, Full>()

  async function take(key: string): Promise<void> {
    const known = full.get(key)
    if (known !== undefined && known.asked + pause > now()) throw tooManyTries(known.until - now())
    const { count, until } = await counted(keyOf(key), { writer, now: now(), seconds })
    if (count <= points) return void full.delete(key)
    if (full.size >= mostFull) full.clear()
    full.set(key, { until: Date.parse(until), asked: now() })
    throw tooManyTries(Date.parse(until) - now())
  }

  async function reward(key: string): Promise<void> {
    const where: Predicate = { all: [isKey(keyOf(key)), { column: 'count', is: 'gt', value: 0 }] }
    await writer.run({ update: 'account_tries', add: { count: -1 }, where })
  }

  return points <= 0 ? noLimit : { take, reward }
}

/** What was refused a moment ago is refused again without asking: a flood of tries costs a write a second, not one each. */
interface Full {
  readonly until: number
  readonly asked: number
}

const pause = 1_000
const mostFull = 10_000

interface Counted {
  readonly count: number
  readonly until: string
}

interface Counting {
  readonly writer: Pick<Writer, 'run'>
  readonly now: number
  readonly seconds: number
}

/** One more in the window that is open, or the first in a new one; between two statements others may open or clear it. */
async function counted(key: string, { writer, now, seconds }: Counting): Promise<Counted> {
  const time = isoTime(now)
  const until = isoTime(now + seconds * 1_000)
  const returning = ['count', 'until']
  const isOpen: Predicate = { column: 'until', is: 'gt', value: time }
  for (let again = 0; again < 3; again++) {
    const open = { update: 'account_tries', add: { count: 1 }, where: { all: [isKey(key), isOpen] }, returning }
    const more = await writer.run(open)
    if (more.rows[0]) return countOf(more.rows[0])
    const values = { key, count: 1, until }
    const made = await writer.run({ insert: 'account_tries', values, onConflict: { columns: ['key'], update: [] } })
    if (made.count === 1) return values
    const where = { all: [isKey(key), { not: isOpen }] }
    const anew = await writer.run({ update: 'account_tries', set: { count: 1, until }, where })
    if (anew.count === 1) return values
  }
  throw new PosternError('UNAVAILABLE', 'Too many tries at once.', { headers: { 'retry-after': '1' } })
}

function countOf(row: Row): Counted {
  return { count: Number(row['count']), until: String(row['until']) }
}

function isKey(key: string): Predicate {
  return { column: 'key', is: 'eq', value: key }
}
