import type { Endpoint } from '../endpoint/record.ts'
import { PosternError } from '../errors/postern-error.ts'
import { check, type Facts } from './check.ts'

/** What authorizing asks beside the rule itself. */
export interface AuthorizeFacts extends Facts {
  /** Does the token's scope cover this request? `true` for callers without scopes. */
  readonly inScope: () => boolean
}

/** NOT_ACTIVATED without a rule, OUT_OF_SCOPE for a token that was not made for this, else UNAUTHENTICATED or FORBIDDEN. */
export function authorize(endpoint: Endpoint, facts: AuthorizeFacts): void | Promise<void> {
  const { rule } = endpoint
  if (rule === undefined) throw notActivated(endpoint)
  if (facts.caller.kind !== 'anonymous' && !facts.inScope())
    throw new PosternError('OUT_OF_SCOPE', 'The token was not made for this endpoint.')
  const verdict = check(rule, facts)
  if (verdict === true) return
  if (verdict === false) throw refusal(facts)
  return verdict.then((passed) => {
    if (!passed) throw refusal(facts)
  })
}

function refusal(facts: Facts): PosternError {
  if (facts.caller.kind === 'anonymous') return new PosternError('UNAUTHENTICATED', 'This endpoint needs a caller.')
  return new PosternError('FORBIDDEN', 'This endpoint does not let this caller pass.')
}

function notActivated(endpoint: Endpoint): PosternError {
  const what = 'Endpoint not activated since no authorization rules have been declared.'
  return new PosternError('NOT_ACTIVATED', endpoint.activation === undefined ? what : `${what} ${endpoint.activation}`)
}
