import type { Server } from 'node:http'
import { Server as NetServer, type AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { PosternError } from '../errors/postern-error.ts'
import type { Observer } from '../observe/observer.ts'
import { addressReader } from './client-address.ts'
import { makeCors } from './cors.ts'
import { FrontDesk } from './front-desk.ts'
import { healthPages } from './health.ts'
import type { House } from './house.ts'
import type { Page } from './page.ts'
import { parserErrorAnswerer } from './parser-error.ts'
import { makeTransport } from './transport.ts'

export interface ServerOptions {
  readonly house: House
  readonly observer: Observer
  /** Asked before the house. */
  readonly pages?: readonly Page[]
}

/** A server that listens. */
export interface OpenServer {
  readonly port: number
  /** Where a person on this machine finds it: `http://127.0.0.1:4000`. */
  readonly address: string
  /** Whether nobody waits for an answer. */
  readonly isIdle: () => boolean
  /** Answers what is under way within `grace` ms, cuts what is not done by then, and closes the house. The same promise when asked again. */
  readonly close: (grace: number, reason?: string) => Promise<void>
}

/** Listens as the settings say, or refuses with PORT_TAKEN or BAD_SETTING. */
export async function openServer({ house, observer, pages = [] }: ServerOptions): Promise<OpenServer> {
  const { settings } = house
  const started = performance.now()
  let base = settings.publicUrl ?? ''
  const desk: FrontDesk = new FrontDesk({
    house,
    observer,
    pages: [...healthPages({ ready: () => house.ready() && !desk.stopping }), ...pages],
    cors: makeCors(settings.cors),
    reception: {
      base: () => base,
      addressOf: addressReader(settings.trustedProxies),
      bodyPatience: settings.connections.bodyPatience,
    },
  })
  const transport = makeTransport(settings.connections, {
    receive: (request, response) => desk.receive(request, response),
    onParserError: parserErrorAnswerer(observer),
  })
  await listen(transport, settings)
  const { port } = transport.server.address() as AddressInfo
  const address = `http://${hostText(settings.host)}:${port}`
  if (base === '') base = address
  observer.note({ kind: 'server.started', address, ms: performance.now() - started })
  let closing: Promise<void> | undefined
  const close = (grace: number, reason = 'asked'): Promise<void> =>
    (closing ??= stop({ transport, desk, house, observer }, { grace, reason }))
  return { port, address, isIdle: () => desk.underWay === 0, close }
}

async function listen(transport: FastifyInstance<Server>, { host, port }: House['settings']): Promise<void> {
  try {
    await transport.listen({ host, port, backlog: 1_024 })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'EADDRINUSE')
      throw new PosternError('PORT_TAKEN', `Port ${port} on ${host} is in use by another program.`, { cause })
    if (code === 'EACCES')
      throw new PosternError('BAD_SETTING', `port: listening on port ${port} is not allowed for this user.`, { cause })
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new PosternError('BAD_SETTING', `host: ${host} is no address of this machine.`, { cause })
    throw cause
  }
}

interface Parts {
  readonly transport: FastifyInstance<Server>
  readonly desk: FrontDesk
  readonly house: House
  readonly observer: Observer
}

/** Milliseconds in which whoever asks again and again gets an answer that ends the connection, and none is cut under a request. */
const farewell = 150

/**
 * New connections are refused at once. Kept ones end with their next answer, idle ones after the farewell; whoever is
 * left after `grace` is cut off.
 */
async function stop(
  { transport, desk, house, observer }: Parts,
  { grace, reason }: { grace: number; reason: string },
): Promise<void> {
  const started = performance.now()
  const { server } = transport
  desk.stop()
  observer.note({ kind: 'server.stopping', reason, underWay: desk.underWay })
  // The close of an HTTP server would end idle connections too: one that is just about to bring a request, for example.
  const closed = new Promise<void>((resolve) => void NetServer.prototype.close.call(server, () => resolve()))
  let cut = 0
  const limit = setTimeout(() => {
    cut = desk.underWay
    server.closeAllConnections()
  }, grace)
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, Math.min(farewell, grace)))])
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  await closed
  clearInterval(idle)
  clearTimeout(limit)
  await house.close(Math.max(100, grace - (performance.now() - started)))
  await transport.close()
  observer.note({ kind: 'server.stopped', ms: performance.now() - started, cut })
}

/** An address that stands for all cannot be opened in a browser. */
function hostText(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
