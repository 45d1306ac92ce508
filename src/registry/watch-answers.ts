import type { Call } from '../endpoint/call.ts'
import { EmptyAnswer, EnvelopeData } from '../endpoint/envelope.ts'
import type { AfterHook, Definition } from '../endpoint/record.ts'
import { check, type Schema } from '../schema/standard.ts'

/**
 * For development: notes in the log, with the field's path, where an answer is not what its endpoint's `response` schema
 * promises to documentation and clients. The answer goes out as it is, so that nothing differs from production.
 */
export function watchAnswers(definitions: readonly Definition[]): readonly Definition[] {
  return definitions.map((definition) => {
    const { response } = definition.schemas
    if (response === undefined) return definition
    return Object.freeze({ ...definition, after: [...definition.after, watching(response)] })
  })
}

function watching(response: Schema): AfterHook {
  return {
    id: 'postern.response',
    order: Number.MAX_SAFE_INTEGER,
    run: async (call, result) => {
      const data: unknown = result instanceof EnvelopeData ? result.data : result
      if (isJson(data)) await compare(call, response, data)
    },
  }
}

async function compare(call: Call, response: Schema, data: unknown): Promise<void> {
  // As it will be sent: a Date is text, and what is undefined is not there.
  const sent: unknown = JSON.parse(JSON.stringify(data))
  const verdict = await check(response, sent, 'response')
  if (!('errors' in verdict)) return
  const told = verdict.errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
  call.log.warn(`The answer is not what the response schema promises. ${told}`, { errors: verdict.errors })
}

/** Refusals, empty answers and streams are not what the schema speaks of. */
function isJson(data: unknown): boolean {
  if (data === undefined || data === null || data === false || typeof data === 'bigint') return false
  if (typeof data !== 'object') return true
  const others = [EmptyAnswer, Response, ReadableStream, Uint8Array, ArrayBuffer]
  return !others.some((kind) => data instanceof kind) && !(Symbol.asyncIterator in data)
}
