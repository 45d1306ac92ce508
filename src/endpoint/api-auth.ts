import { PosternError } from '../errors/postern-error.ts'
import type { Call } from './call.ts'

const passed = new WeakSet<Call>()

/** Notes that the call came through a rule that someone declared. */
export function markPassed(call: Call): void {
  passed.add(call)
}

/**
 * First line of a module's method, from the days when only it enforced the manifest. The road has judged the declared
 * rule before any method runs, so there it does nothing; in a method that answers without a declaration
 * (`modules.undeclared: 'open'`) it refuses with NOT_ACTIVATED.
 */
export function apiAuth(call: Call): void {
  if (passed.has(call)) return
  throw new PosternError('NOT_ACTIVATED', 'Endpoint not activated since no authorization rules have been declared.')
}
