import { z } from 'zod'
import { defineEndpoint } from './define-endpoint.ts'

/** The parts of the call are what their schemas yield. */
export const typed = defineEndpoint({
  params: z.object({ id: z.coerce.number() }),
  query: z.object({ page: z.number() }),
  body: z.object({ title: z.string() }),
  handler: ({ params, query, body }) => {
    const sum: number = params.id + query.page
    const title: string = body.title
    return [sum, title]
  },
})

/** Without schemas they are the call's own. */
export const untyped = defineEndpoint({
  handler: (call) => {
    const page: unknown = call.query.page
    const body: unknown = call.body
    return [page, body]
  },
})

export const misspelt = defineEndpoint({
  query: z.object({ page: z.number() }),
  // @ts-expect-error the schema has no such field
  handler: ({ query }) => 'pages' satisfies keyof typeof query,
})
