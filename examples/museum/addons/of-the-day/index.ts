import { allow, defineAddon, defineEndpoint } from 'postern'
import { z } from 'zod'

const settings = z.strictObject({ classification: z.string().default('painting') })

/** `GET /api/of-the-day`: one work, another one each day. Take this folder away, and the endpoint is gone. */
export default defineAddon({
  name: 'of-the-day',
  settings,
  endpoints: ({ classification }: z.output<typeof settings>) => [
    defineEndpoint({
      method: 'GET',
      path: '/api/of-the-day',
      authorize: allow.everyone,
      description: 'The work of the day',
      query: z.strictObject({ day: z.iso.date().optional() }),
      async handler({ content, query }) {
        const day = Math.floor(Date.parse(query.day ?? new Date().toISOString()) / 86_400_000)
        const works = await content.list('artwork', { filter: { classification }, sort: 'id', page_size: 100 })
        return works.data[day % works.data.length] ?? false
      },
    }),
  ],
})
