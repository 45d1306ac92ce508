import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface FloorCaller {
  readonly id: number
}

/** `TOKEN` is the one token a floor knows, kept by its hash and acting for user 1. */
const callers = new Map<string, FloorCaller>([[sha256(process.env['TOKEN'] ?? ''), { id: 1 }]])

export function callerOf(request: IncomingMessage): FloorCaller | undefined {
  const header = request.headers.authorization ?? ''
  return header.startsWith('Bearer ') ? callers.get(sha256(header.slice(7))) : undefined
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
