import { allow, defineEndpoint } from 'postern'
import { z } from 'zod'

const year = z.int().min(1).max(2100)

/** `GET /api/artists/artist-558/works?from=1840&until=1845`: works by an artist, the oldest first. */
export default defineEndpoint({
  authorize: allow.everyone,
  description: 'Works by an artist, the oldest first',
  query: z.strictObject({ from: year.optional(), until: year.optional(), page: z.int().min(1).default(1) }),
  handler({ content, params, query }) {
    const between = {
      ...(query.from === undefined ? {} : { 'filter[start_year][gte]': query.from }),
      ...(query.until === undefined ? {} : { 'filter[start_year][lte]': query.until }),
    }
    return content.perform('relations.list', {
      type: 'artist',
      id: params['id'],
      name: 'works',
      query: { ...between, sort: 'start_year,accession', page: query.page, fields: 'title,accession,date_text,medium' },
    })
  },
})
