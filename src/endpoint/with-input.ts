import type { Call } from './call.ts'

/** The same call with another input: what a hook of a manifest made of it. */
export function withInput(call: Call, input: Partial<Pick<Call, 'params' | 'query' | 'body'>>): Call {
  const { id, method, url, path, headers, caller, signal, content, asSystem, reply, log } = call
  const { params = call.params, query = call.query } = input
  const body = 'body' in input ? input.body : call.body
  const param = (name: string, fallback?: unknown): unknown => {
    for (const part of [params, query, body]) if (isRecord(part) && Object.hasOwn(part, name)) return part[name]
    return fallback
  }
  return { id, method, url, path, params, query, body, headers, caller, signal, param, content, asSystem, reply, log }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
