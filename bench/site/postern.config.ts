import { defineConfig } from 'postern'

/** Counting requests stays on, as it would be; only the numbers are such that a benchmark does not run into them. */
const plenty = 1_000_000_000

export default defineConfig({
  api: { protected: false },
  log: { level: 'warn' },
  accounts: {
    limits: { requests: plenty, requestsPerAddress: plenty, signIns: plenty, signInsPerAddress: plenty },
  },
})
