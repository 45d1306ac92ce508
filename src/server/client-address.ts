import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { PosternError } from '../errors/postern-error.ts'

/**
 * Where a request came from. `X-Forwarded-For` is read from its end, and only as far as each address that names the next
 * one is a trusted proxy: what the client wrote at its beginning is never believed.
 */
export function addressReader(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  if (trustedProxies.length === 0) return remoteAddress
  const trusted = networkList(trustedProxies)
  return (request) => {
    const header = request.headers['x-forwarded-for']
    const hops = typeof header === 'string' ? header.split(',').map((hop) => hop.trim()) : []
    let address = remoteAddress(request)
    while (hops.length > 0 && isListed(trusted, address)) {
      const next = hops.pop() ?? ''
      if (isIP(next) === 0) break
      address = next
    }
    return address
  }
}

function remoteAddress({ socket }: IncomingMessage): string {
  const address = socket.remoteAddress ?? ''
  return address.startsWith('::ffff:') ? address.slice(7) : address
}

function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    try {
      if (bits === undefined) list.addAddress(address, family)
      else list.addSubnet(address, Number(bits), family)
    } catch (cause) {
      throw new PosternError('BAD_SETTING', `trustedProxies: ${JSON.stringify(network)} is no address or network.`, {
        cause,
      })
    }
  }
  return list
}

function isListed(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
