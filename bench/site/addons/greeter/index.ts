import { allow, defineAddon, defineEndpoint } from 'postern'
import { z } from 'zod'

export default defineAddon({
  name: 'greeter',
  endpoints: [
    defineEndpoint({
      method: 'GET',
      path: '/api/greeter/public',
      authorize: allow.everyone,
      handler: () => ({ hello: 'world' }),
    }),
    defineEndpoint({
      method: 'GET',
      path: '/api/greeter/hello',
      authorize: allow.token,
      handler: () => ({ hello: 'world' }),
    }),
    defineEndpoint({
      method: 'GET',
      path: '/api/greeter/find',
      authorize: allow.token,
      query: z.strictObject({ name: z.string().min(1).max(40), limit: z.int().min(1).max(100).default(20) }),
      handler: ({ query }) => ({ name: query.name, limit: query.limit }),
    }),
  ],
})
