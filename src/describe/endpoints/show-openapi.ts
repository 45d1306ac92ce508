import { defineEndpoint, type DefinedEndpoint } from '../../endpoint/define-endpoint.ts'
import type { DescribePorts } from '../ports.ts'
import { seenBy } from '../seen-by.ts'
import { writeOpenapi } from '../write-openapi.ts'

/** Reduced to what the caller may call, so that it never tells of a door that is closed to whoever reads it. */
export function showOpenapi(ports: DescribePorts, format: 'json' | 'yaml'): DefinedEndpoint {
  const write = writeOpenapi(format)
  return defineEndpoint({
    id: `openapi.${format}`,
    description: `This site as an OpenAPI 3.1 document, in ${format.toUpperCase()}: all that the caller may call.`,
    authorize: 'everyone',
    handler: ({ caller, reply }) => {
      reply.type(`application/${format}; charset=utf-8`).header('vary', 'authorization, cookie')
      return write(seenBy(ports, caller), ports.api)
    },
  })
}
