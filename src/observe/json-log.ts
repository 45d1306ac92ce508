import { destination, pino } from 'pino'
import { describeThrown } from './describe-thrown.ts'
import { levelOf, type Observation } from './observation.ts'
import type { Sink } from './observer.ts'
import { isWanted, type RequestLines } from './request-lines.ts'
import { redactFacts, redactText, redactUrl } from './redact.ts'

export interface JsonLogOptions {
  /** The least important level that is written. */
  readonly level: string
  readonly requests?: RequestLines
  /** A file, or a file descriptor; standard output when absent. */
  readonly to?: string | number
}

/**
 * One JSON line for each observation, written asynchronously in blocks, so that a request never waits for a disk or pipe.
 * What was noted within the last block can be lost when the process is killed; errors are written at once.
 */
export function jsonLog({ level, requests = 'all', to = 1 }: JsonLogOptions): Sink {
  const out = destination({ dest: to, sync: false, minLength: 4_096, periodicFlush: 200 })
  const log = pino({ level, base: null, messageKey: 'message', redact: { paths: secrets, censor: '[redacted]' } }, out)
  return {
    note(seen) {
      const importance = levelOf(seen)
      if (!log.isLevelEnabled(importance) || !isWanted(seen, requests)) return
      log[importance](factsOf(seen), seen.kind)
      if (importance === 'error') out.flush()
    },
    flush() {
      return new Promise((resolve) => out.flush(() => resolve()))
    },
  }
}

// A second net under `redactFacts`: the names under which a credential would come if somebody logged one by mistake.
const secrets = ['token', 'password', 'authorization', 'facts.token', 'facts.password', 'facts.authorization']

/** Observations are flat, so the facts of a line are the observation itself, without its name and cleaned of secrets. */
function factsOf(seen: Observation): object {
  if (seen.kind === 'request.done') {
    const { id, method, path, search, status, ms, ip } = seen
    return { id, method, url: redactUrl(path, search), status, ms, ip }
  }
  if (seen.kind === 'request.failed') {
    const { id, method, path, endpoint, code, status, thrown } = seen
    return { id, method, path: redactUrl(path, ''), endpoint, code, status, thrown: describeThrown(thrown) }
  }
  if (seen.kind === 'site.log') {
    // `message` and `level` are the line's own: given twice, the later one would hide what the site said.
    const { requestId, endpoint, message, facts } = seen
    return { requestId, endpoint, text: redactText(message), ...(facts && { facts: redactFacts(facts) }) }
  }
  const { kind: _kind, ...facts } = seen
  if ('thrown' in facts) return { ...facts, thrown: describeThrown(facts.thrown) }
  if ('facts' in facts) return { ...facts, facts: redactFacts(facts.facts) }
  return facts
}
