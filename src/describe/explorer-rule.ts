import type { Call } from '../endpoint/call.ts'
import type { Rule } from '../endpoint/rule.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { DescribePorts } from './ports.ts'

/** Who may look: everyone at the developer's own machine, administrators elsewhere. */
export function explorerRule(ports: Pick<DescribePorts, 'explorer'>): Rule {
  return ports.explorer === 'open' ? 'everyone' : { role: ['admin'] }
}

/**
 * Refuses what another page made the developer's browser send: the tools act without a credential, so a foreign page
 * must not reach them. A header of our own needs a preflight, which only a foreign origin would have to ask for, and
 * the host must be one that the server is known by, which a rebound name is not. Nor is it for others on the network.
 */
export function refuseForeign(call: Pick<Call, 'headers' | 'address'>, url: string): void {
  const host = call.headers['host'] ?? ''
  const isKnown = host === new URL(url).host || /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)
  const site = call.headers['sec-fetch-site']
  const isHere = call.address === undefined || /^(::ffff:)?127\.|^::1$/.test(call.address)
  if (isHere && isKnown && call.headers['x-postern-explorer'] === '1' && (site === undefined || site === 'same-origin'))
    return
  throw new PosternError('FOREIGN_ORIGIN', 'The tools of the explorer answer only to its own page.')
}
