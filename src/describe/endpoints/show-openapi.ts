import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import { openapi } from '../openapi.ts'
import type { DescribePorts } from '../ports.ts'
import { seenBy } from '../seen-by.ts'
import { toYaml } from '../to-yaml.ts'

/** Reduced to what the caller may call, so that it never tells of a door that is closed to whoever reads it. */
export function showOpenapi(ports: DescribePorts, format: 'json' | 'yaml'): DefinedEndpoint {
  return defineEndpoint({
    id: `openapi.${format}`,
    description: `This site as an OpenAPI 3.1 document, in ${format.toUpperCase()}: all that the caller may call.`,
    authorize: 'everyone',
    handler: ({ caller, reply }) => {
      const document = openapi(seenBy(ports, caller), ports.api)
      reply.header('vary', 'authorization, cookie')
      if (format === 'json') return document
      reply.type('application/yaml; charset=utf-8')
      return toYaml(document)
    },
  })
}
