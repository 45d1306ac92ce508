import type { LiveCall } from './live-call.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Definition } from '../endpoint/record.ts'
import type { Answer } from './answer.ts'
import { following, orElse, type Awaitable } from '../errors/awaitable.ts'
import { failure } from './failure.ts'
import type { Incoming } from './incoming.ts'
import type { Ports } from './ports.ts'
import type { RawCall } from './raw-call.ts'
import type { Stage } from './stage.ts'
import { success } from './success.ts'
import { validate } from './validate.ts'
import { within } from './within.ts'

/**
 * One request, in the order the steps are written; no other file knows the order. Beside each step, the statuses it may
 * refuse with.
 */
export function run(house: Ports, incoming: Incoming): Awaitable<Answer> {
  let caller: Caller | undefined
  const walk = (): Awaitable<Answer> => {
    const { endpoint, params } = house.route(incoming) // 400 404 405
    const known = house.authenticate(incoming) // 400 401
    return following(known, (found) => {
      caller = found
      const asked = { incoming, params, caller: found }
      const allowed = house.authorize(endpoint, asked) // 401 403 412 429
      return following(allowed, () => {
        const opened = house.open(endpoint, asked) // 413 415
        return following(opened, (call) => house.perform(endpoint, call, incoming)) // 400 422 501 503 504
      })
    })
  }
  return orElse(walk, (thrown) => failure(house, { incoming, caller, thrown }))
}

/** The second half of the road, wherever the endpoint's code lives: in the house for built-ins, in the site's thread for a site's own. */
export function perform(definition: Definition, raw: RawCall, at: Stage): Awaitable<Answer> {
  at.began?.() // a schema may be the site's own code
  const valid = validate(definition, raw, at) // 400 413 422 501
  return following(valid, (call) => {
    const result = within(definition.record.timeout, at, () => around(definition, call)) // 504
    return following(result, (value) => success(definition.record, call, value))
  })
}

function around(definition: Definition, call: LiveCall): unknown {
  if (definition.before.length + definition.after.length === 0) return definition.handler(call)
  return throughHooks(definition, call)
}

async function throughHooks(definition: Definition, call: LiveCall): Promise<unknown> {
  for (const hook of definition.before) await hook.run(call)
  let result = await definition.handler(call)
  for (const hook of definition.after) result = (await hook.run(call, result)) ?? result
  return result
}
