import type { Call } from '../endpoint/call.ts'
import type { Rule } from '../endpoint/rule.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { DescribePorts } from './ports.ts'

/** Who may look: everyone at the developer's own machine, administrators elsewhere. */
export function explorerRule(ports: Pick<DescribePorts, 'explorer'>): Rule {
  return ports.explorer === 'open' ? 'everyone' : { role: ['admin'] }
}

/**
 * Whether the explorer's own page asks, on this machine. Its tools act without a credential, so neither a foreign page in
 * the developer's browser nor anybody else on the network must reach them: a header of our own needs a preflight, which
 * only a foreign origin would have to ask for, and the host must be one that the server is known by, which a rebound
 * name is not.
 */
export function isOwnPage(call: Pick<Call, 'headers' | 'address'>, url: string): boolean {
  const host = call.headers['host'] ?? ''
  const isKnown = host === new URL(url).host || /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)
  const isHere = call.address === undefined || /^(::ffff:)?127\.|^::1$/.test(call.address)
  const site = call.headers['sec-fetch-site'] ?? 'same-origin'
  return isHere && isKnown && site === 'same-origin' && call.headers['x-postern-explorer'] === '1'
}

export function refuseForeign(call: Pick<Call, 'headers' | 'address'>, url: string): void {
  if (!isOwnPage(call, url))
    throw new PosternError('FOREIGN_ORIGIN', 'The tools of the explorer answer only to its own page.')
}
