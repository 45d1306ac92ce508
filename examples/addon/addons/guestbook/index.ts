import { allow, defineAddon, defineEndpoint, defineHook } from 'postern'
import { z } from 'zod'

export default defineAddon({
  name: 'guestbook',
  settings: z.strictObject({ greeting: z.string().default('Thanks') }),
  endpoints: ({ greeting }) => [
    defineEndpoint({
      path: '/api/guestbook',
      method: 'POST',
      description: 'Signs the guestbook.',
      authorize: allow.when('is-guest'),
      body: z.strictObject({ text: z.string().min(1) }),
      handler: async ({ body, content, reply }) => {
        const { id } = await content.create('entry', { text: body.text })
        reply.status(201)
        return { id, greeting }
      },
    }),
  ],
  hooks: [
    defineHook({
      id: 'guestbook.signature',
      on: 'files:*',
      after: ({ reply }) => {
        reply.header('x-guestbook', 'open')
      },
    }),
  ],
  rules: { 'is-guest': ({ caller }) => caller.kind === 'user' },
})
