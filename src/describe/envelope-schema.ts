import type { Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { JsonSchema } from '../schema/standard.ts'
import { nameRoot } from './hoist-definitions.ts'

const text: JsonSchema = { type: 'string' }
const whole: JsonSchema = { type: 'integer' }

/** Where a list stands; see `Paging`. */
export const pagingSchema: JsonSchema = {
  type: 'object',
  properties: {
    page: whole,
    page_size: whole,
    page_items: whole,
    total: whole,
    total_is: { enum: ['exact', 'at_least'] },
    next: { type: ['string', 'null'] },
  },
}

/** What is sent: the handler's answer as its schema has it, in the envelope where the endpoint has one. `undefined`: nobody said. */
export function answerSchema(endpoint: Endpoint, verb: Verb): JsonSchema | undefined {
  const { response } = endpoint.schemas
  if (endpoint.envelope === undefined) return response
  // References of the answer's schema go to its own root, so what they name moves to the root of the envelope.
  const { $defs, ...data } = nameRoot(response ?? {}, 'Data')
  return {
    ...($defs === undefined ? {} : { $defs }),
    type: 'object',
    properties: {
      api: { const: endpoint.envelope },
      data,
      method: { const: verb.toLowerCase() },
      paging: pagingSchema,
      params: {
        anyOf: [
          { type: 'array', maxItems: 0, items: {} },
          { type: 'object', additionalProperties: text },
        ],
      },
      url: text,
    },
    required: ['api', 'data', 'method', 'params', 'url'],
  }
}
