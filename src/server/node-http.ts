import { createRequire } from 'node:module'
import type { METHODS as Methods, STATUS_CODES as StatusCodes } from 'node:http'

// An ESM import of node:http evaluates every lazy export of it, and with them all of Node's fetch: some 40 ms of each start.
const http = createRequire(import.meta.url)('node:http') as {
  METHODS: typeof Methods
  STATUS_CODES: typeof StatusCodes
}

export const { METHODS, STATUS_CODES } = http
