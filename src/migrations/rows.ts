import type { Row, Workbench } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'

/** All rows of a type's table, in pages, so that memory stays flat however many there are. */
export async function* pagesOf(
  { rows }: Pick<Workbench, 'rows'>,
  { table, columns, where = true }: { table: string; columns: readonly string[]; where?: Predicate },
): AsyncGenerator<readonly Row[]> {
  for (let last = 0; ;) {
    const beyond: Predicate = { all: [{ column: 'id', is: 'gt', value: last }, where] }
    const page = await rows({
      from: table,
      select: ['id', ...columns],
      where: beyond,
      order: [{ column: 'id' }],
      limit: pageSize,
    })
    if (page.length === 0) return
    yield page
    last = idOf(page.at(-1))
  }
}

export function idOf(row: Row | undefined): number {
  return Number(row?.['id'])
}

/** Objects that stand in the way: how many, and which the first of them are. */
export class Offenders {
  readonly ids: number[] = []
  count = 0
  reason = ''

  add(id: number, reason = ''): void {
    this.count++
    if (this.ids.length < mostNamed) this.ids.push(id)
    this.reason ||= reason
  }

  /** `3 objects (ids 4, 9 and 12)` */
  text(): string {
    const named = this.ids.join(', ')
    const more = this.count > this.ids.length ? ', …' : ''
    return `${this.count} object${this.count === 1 ? '' : 's'} (id${this.count === 1 ? '' : 's'} ${named}${more})`
  }
}

const pageSize = 500
const mostNamed = 10
