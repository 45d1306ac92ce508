import type { Caller } from '../endpoint/caller.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { withoutClosedFields } from './field-rules-in-schemas.ts'
import { outlook } from './outlook.ts'
import type { DescribePorts } from './ports.ts'

/** The endpoints that this caller may see described, without the fields that are closed to them. */
export function seenBy(ports: Pick<DescribePorts, 'told' | 'maySee'>, caller: Caller): readonly Endpoint[] {
  const { maySee = () => true } = ports
  return ports
    .told()
    .endpoints.filter((endpoint) => outlook(endpoint.rule, caller) !== 'no' && maySee(endpoint, caller))
    .map((endpoint) => withoutClosedFields(endpoint, caller))
}
