import { createRequire } from 'node:module'
import type { createServer as CreateServer, STATUS_CODES as StatusCodes } from 'node:http'

// An ESM import of node:http evaluates every lazy export of it, and with them all of Node's fetch: some 40 ms of each start.
const http = createRequire(import.meta.url)('node:http') as {
  createServer: typeof CreateServer
  STATUS_CODES: typeof StatusCodes
}

export const { createServer, STATUS_CODES } = http
