import type { Log } from '../endpoint/call.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { RawCall } from '../pipeline/raw-call.ts'
import type { LogLine } from '../thread/site.ts'

/** The log that a handler finds on its call: each line says for which request and endpoint it was written. */
export function writeLog(call: RawCall, endpoint: Endpoint, write: (line: LogLine) => void): Log {
  const line = (level: LogLine['level']) => (message: string, facts?: Readonly<Record<string, unknown>>) =>
    write({ level, message, requestId: call.id, endpoint: endpoint.id, ...(facts ? { facts } : {}) })
  return { info: line('info'), warn: line('warn'), error: line('error') }
}
