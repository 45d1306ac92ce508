import { allow, defineEndpoint } from 'postern'
import { z } from 'zod'
import { notes } from './_store.ts'

export const GET = defineEndpoint({
  description: 'The notes, the latest first.',
  authorize: allow.everyone,
  query: z.object({ limit: z.number().int().min(1).max(100).default(20) }),
  handler: ({ query }) => notes.toReversed().slice(0, query.limit),
})

export const POST = defineEndpoint({
  description: 'Writes a note.',
  authorize: allow.role('writer'),
  body: z.strictObject({ text: z.string().min(1).max(200) }),
  handler: ({ body, reply }) => {
    const note = { id: notes.length + 1, text: body.text }
    notes.push(note)
    reply.status(201)
    return note
  },
})
