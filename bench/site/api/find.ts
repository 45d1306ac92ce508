import { defineEndpoint } from 'postern'
import { z } from 'zod'

export default defineEndpoint({
  query: z.strictObject({ name: z.string().min(1).max(40), limit: z.int().min(1).max(100).default(20) }),
  handler: ({ query }) => ({ name: query.name, limit: query.limit }),
})
