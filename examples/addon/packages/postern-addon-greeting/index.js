import { allow, defineAddon, defineEndpoint } from 'postern'

export default defineAddon({
  name: 'greeting',
  endpoints: ({ whom }) => [
    defineEndpoint({ path: '/api/greeting', authorize: allow.everyone, handler: () => `Hello ${whom}` }),
  ],
})
