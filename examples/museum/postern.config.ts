import { defineConfig } from 'postern'

export default defineConfig({
  api: { protected: false },
  addons: { 'of-the-day': { classification: 'painting' } },
  accounts: { roles: { curator: ['member'], member: [] } },
})
