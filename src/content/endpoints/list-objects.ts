import type { Page } from '../../endpoint/content.ts'
import { EnvelopeData } from '../../endpoint/envelope.ts'
import type { Handler } from '../../endpoint/record.ts'
import type { ContentRoom } from '../room.ts'

/** `GET /api/objects`, `GET /api/cards`. Named ids are answered as asked for, without paging. */
export function listObjectsHandler(room: ContentRoom, type?: string): Handler {
  const only = type === undefined ? {} : { type }
  return async ({ query, caller }) => {
    const page = (await room.perform('objects.list', { ...only, query }, { caller })) as Page
    return 'id' in query ? new EnvelopeData(page.data) : new EnvelopeData(page.data, page.paging)
  }
}
