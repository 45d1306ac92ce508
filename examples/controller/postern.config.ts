import { defineConfig } from 'postern'

export default defineConfig({
  api: {
    protected: false,
    validation: { allowedUrlParams: { friends: ['age'] } },
  },
})
