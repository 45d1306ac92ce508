import type { Call } from '../../endpoint/call.ts'
import { EnvelopeData } from '../../endpoint/envelope.ts'
import type { Handler } from '../../endpoint/record.ts'
import { listNames } from '../query/list-request.ts'
import type { ContentRoom } from '../room.ts'

/** `GET /api/objects`, `GET /api/cards`. Named ids are answered as asked for, without paging. */
export function listObjectsHandler(room: ContentRoom, type?: string): Handler {
  const only = type === undefined ? {} : { type }
  return async ({ query, caller }) => {
    const page = await room.perform('objects.list', { ...only, query: ofList(query) }, { caller })
    return 'id' in query ? new EnvelopeData(page.data) : new EnvelopeData(page.data, page.paging)
  }
}

/** The road lets only allowed names through: one that is not the list's own is there for the site's hooks. */
function ofList(query: Call['query']): Call['query'] {
  const names = Object.keys(query)
  if (names.every(isOfList)) return query
  return Object.fromEntries(names.filter(isOfList).map((name) => [name, query[name]]))
}

function isOfList(name: string): boolean {
  return listNames.includes(name) || name.startsWith('filter')
}
