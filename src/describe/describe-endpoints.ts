import type { DefinedEndpoint } from '../endpoint/define-endpoint.ts'
import type { Verb } from '../endpoint/method.ts'
import type { Definition } from '../endpoint/record.ts'
import { toDefinition } from '../endpoint/to-definition.ts'
import { listEndpoints } from './endpoints/list-endpoints.ts'
import { showIndex } from './endpoints/show-index.ts'
import { showOpenapi } from './endpoints/show-openapi.ts'
import { useTools } from './endpoints/use-tools.ts'
import { watchSite } from './endpoints/watch-site.ts'
import type { DescribePorts } from './ports.ts'

/** The index, the OpenAPI document, and what the explorer's page asks for, below `base` (`/api`). */
export function describeEndpoints(ports: DescribePorts, base: string): readonly Definition[] {
  const told = [
    builtin('GET', base, showIndex(ports)),
    builtin('GET', `${base}/openapi.json`, showOpenapi(ports, 'json')),
    builtin('GET', `${base}/openapi.yaml`, showOpenapi(ports, 'yaml')),
  ]
  if (ports.explorer === 'off') return told
  return [
    ...told,
    builtin('GET', `${base}/explorer/endpoints`, listEndpoints(ports)),
    builtin('GET', `${base}/explorer/events`, watchSite(ports)),
    ...useTools(ports).map(([name, endpoint]) => builtin('POST', `${base}/explorer/${name}`, endpoint)),
  ]
}

function builtin(verb: Verb, path: string, endpoint: DefinedEndpoint): Definition {
  return toDefinition(endpoint, {
    methods: [verb],
    path,
    source: 'builtin',
    group: 'describe',
    origin: { file: 'src/describe/describe-endpoints.ts' },
    place: 'house',
  })
}
