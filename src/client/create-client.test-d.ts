import { ApiError, createClient } from './index.ts'

interface Site {
  'GET /api/items': { input: { query?: { page?: number } }; answer: { api: 'items'; data: { id: number }[] } }
  'GET /api/items/:code': { input: { params: { code: string } }; answer: { code: string } | { gone: true } }
  'GET /api/names': { input: Record<never, never>; answer: string[] }
  'POST /api/items': { input: { body: { title: string } }; answer: unknown }
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function expect<_Is extends true>(): void {}

const api = createClient<Site>('http://localhost')

export async function whatIsPromised(): Promise<void> {
  const list = await api.call('GET /api/items')
  expect<Equal<typeof list, { api: 'items'; data: { id: number }[] }>>()

  const one = await api.call('GET /api/items/:code', { params: { code: 'x' }, signal: AbortSignal.timeout(1) })
  expect<Equal<typeof one, { code: string } | { gone: true }>>()

  for await (const item of api.list('GET /api/items', { query: { page: 2 } }))
    expect<Equal<typeof item, { id: number }>>()
  for await (const name of api.list('GET /api/names')) expect<Equal<typeof name, string>>()

  const thrown: unknown = new Error('any')
  if (ApiError.is(thrown, 'NOT_FOUND')) expect<Equal<typeof thrown.code, 'NOT_FOUND'>>()
}

export async function whatIsRefused(): Promise<void> {
  // @ts-expect-error there is no such path
  await api.call('GET /api/nothing')
  // @ts-expect-error the path needs its parameter
  await api.call('GET /api/items/:code')
  // @ts-expect-error the body is of another shape
  await api.call('POST /api/items', { body: { name: 'x' } })
  // @ts-expect-error the query has another name
  await api.call('GET /api/items', { query: { pgae: 1 } })
  // @ts-expect-error no such code
  ApiError.is(new Error('any'), 'NOT_A_CODE')
}
