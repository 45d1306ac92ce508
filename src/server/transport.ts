import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { fastify, type FastifyInstance } from 'fastify'
import type { Settings } from '../config/settings.ts'
import { METHODS } from './node-http.ts'
import { refuseConnect } from './parser-error.ts'

declare module 'node:http' {
  interface IncomingMessage {
    /** The target as it was sent; Fastify puts it here when it rewrites `url`. */
    originalUrl?: string
  }
}

interface Receivers {
  readonly receive: (request: IncomingMessage, response: ServerResponse) => void
  readonly onParserError: (error: NodeJS.ErrnoException, socket: Socket) => void
}

/**
 * Fastify with one route for everything. Its router sees the same target each time, so it decodes nothing and has no
 * opinion about paths; its body parser never runs, because the request is taken over before.
 */
export function makeTransport(
  settings: Settings['connections'],
  { receive, onParserError }: Receivers,
): FastifyInstance<Server> {
  const app = fastify({
    logger: false,
    clientErrorHandler: onParserError,
    rewriteUrl: () => '/',
    return503OnClosing: false,
    forceCloseConnections: false,
    requestTimeout: settings.requestTimeout,
    keepAliveTimeout: settings.keepAlive,
    http: { headersTimeout: settings.headersTimeout, connectionsCheckingInterval: 1_000, requireHostHeader: false },
  })
  for (const method of METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method)
  app.addHook('onRequest', (request, reply, _done) => {
    reply.hijack()
    receive(request.raw, reply.raw)
  })
  app.all('/', () => undefined)
  app.server.maxConnections = settings.limit
  app.server.on('checkContinue', (request, response) => app.server.emit('request', request, response))
  app.server.on('connect', refuseConnect)
  return app
}
