import type { Options, Parts } from './request.ts'
import { field } from './session.ts'

/** Every item of a list, page after page; the next page is only asked for when the last item of this one was taken. */
export async function* listItems(
  call: (name: string, given: Parts & Options) => Promise<unknown>,
  name: string,
  given: Parts & Options,
): AsyncGenerator<unknown, void> {
  let query = given.query ?? {}
  for (;;) {
    const page = await call(name, { ...given, query })
    const data = field(page, 'data') ?? page
    yield* Array.isArray(data) ? (data as unknown[]) : []
    const next = field(field(page, 'paging'), 'next')
    if (typeof next !== 'string') return
    query = next.includes('?') ? fromAddress(next) : { ...query, cursor: next, page: undefined }
  }
}

/** `next` is the address of the next page, or its cursor alone. */
function fromAddress(next: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(next.slice(next.indexOf('?'))))
}
