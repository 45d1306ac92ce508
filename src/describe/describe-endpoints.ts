import type { DefinedEndpoint } from '../endpoint/define-endpoint.ts'
import type { Verb } from '../endpoint/method.ts'
import type { Definition } from '../endpoint/record.ts'
import { toDefinition } from '../endpoint/to-definition.ts'
import { explainRefusal } from './endpoints/explain-refusal.ts'
import { listEndpoints } from './endpoints/list-endpoints.ts'
import { showIndex } from './endpoints/show-index.ts'
import { showOpenapi } from './endpoints/show-openapi.ts'
import { useTools } from './endpoints/use-tools.ts'
import { watchSite } from './endpoints/watch-site.ts'
import type { DescribePorts } from './ports.ts'

type Claim = readonly [verb: Verb, path: string, endpoint: DefinedEndpoint]

/** The index, the OpenAPI document, and what the explorer's page asks for, below `base` (`/api`). */
export function describeEndpoints(ports: DescribePorts, base: string): readonly Definition[] {
  const told: readonly Claim[] = [
    ['GET', base, showIndex(ports)],
    ['GET', `${base}/openapi.json`, showOpenapi(ports, 'json')],
    ['GET', `${base}/openapi.yaml`, showOpenapi(ports, 'yaml')],
    ...(ports.refusal ? [['GET', `${base}/why/:request`, explainRefusal(ports.refusal)] as const] : []),
  ]
  const explorer: readonly Claim[] = [
    ['GET', `${base}/explorer/endpoints`, listEndpoints(ports)],
    ['GET', `${base}/explorer/events`, watchSite(ports)],
    ...useTools(ports).map(([name, endpoint]): Claim => ['POST', `${base}/explorer/${name}`, endpoint]),
  ]
  return [
    ...told.map((claim) => builtin('describe', claim)),
    ...(ports.explorer === 'off' ? [] : explorer.map((claim) => builtin('explorer', claim))),
  ]
}

function builtin(group: string, [verb, path, endpoint]: Claim): Definition {
  const standing = { source: 'builtin', group, origin: { file: 'postern' }, place: 'house' } as const
  return toDefinition(endpoint, { ...standing, methods: [verb], path })
}
