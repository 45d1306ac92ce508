import type { Settings } from '../config/settings.ts'
import { humanLog } from '../observe/human-log.ts'
import { jsonLog } from '../observe/json-log.ts'
import type { Sink } from '../observe/observer.ts'
import { wantsColours } from '../observe/paint.ts'

/** Where observations go, by the settings: lines for people while developing, JSON in production. */
export function logSinks({ log }: Settings, mode: 'dev' | 'start'): readonly Sink[] {
  const requests = log.requests === 'auto' ? (mode === 'dev' ? 'all' : 'failed') : log.requests
  const isHuman = log.format === 'auto' ? mode === 'dev' : log.format === 'pretty'
  if (!isHuman) return [jsonLog({ level: log.level, requests })]
  return [
    humanLog({ level: log.level, requests, to: process.stdout, colours: wantsColours(process.stdout, process.env) }),
  ]
}
