import { defineConfig } from 'postern'

export default defineConfig({
  addons: {
    guestbook: { greeting: 'Thank you' },
  },
})
