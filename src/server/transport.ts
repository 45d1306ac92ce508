import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { fastify, type FastifyInstance } from 'fastify'
import type { Settings } from '../config/settings.ts'
import { createServer } from './node-http.ts'
import { refuseConnect } from './parser-error.ts'

interface Receivers {
  readonly receive: (request: IncomingMessage, response: ServerResponse) => void
  readonly onParserError: (error: NodeJS.ErrnoException, socket: Socket) => void
}

/**
 * Fastify listens, closes and hosts plugins; requests go past its router, which would make a request and a reply of its own
 * for each of them (bench: hello). So nothing here decodes a target or has an opinion about paths, and no body is parsed.
 */
export function makeTransport(
  settings: Settings['connections'],
  { receive, onParserError }: Receivers,
): FastifyInstance<Server> {
  const limits = {
    requestTimeout: settings.requestTimeout,
    keepAliveTimeout: settings.keepAlive,
    headersTimeout: settings.headersTimeout,
    connectionsCheckingInterval: 1_000,
    requireHostHeader: false,
  }
  const app = fastify({
    logger: false,
    clientErrorHandler: onParserError,
    return503OnClosing: false,
    forceCloseConnections: false,
    serverFactory: () => createServer(limits, receive),
  })
  app.server.maxConnections = settings.limit
  app.server.on('checkContinue', (request, response) => app.server.emit('request', request, response))
  app.server.on('connect', refuseConnect)
  return app
}
