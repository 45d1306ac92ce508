import { PosternError } from '../errors/postern-error.ts'
import type { Call } from './call.ts'

const undeclared = new WeakSet<Call>()

/** Notes that the call goes to a method that no entry declares, and that answers all the same. */
export function markUndeclared(call: Call): void {
  undeclared.add(call)
}

/**
 * First line of a module's method, from the days when only it enforced the manifest. The road has judged the declared
 * rule before any method runs, so it does nothing there; in a method that answers without a declaration
 * (`modules.undeclared: 'open'`) it refuses with NOT_ACTIVATED.
 */
export function apiAuth(call: Call): void {
  if (!undeclared.has(call)) return
  throw new PosternError('NOT_ACTIVATED', 'Endpoint not activated since no authorization rules have been declared.')
}
