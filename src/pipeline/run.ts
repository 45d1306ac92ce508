import type { LiveCall } from './live-call.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Definition } from '../endpoint/record.ts'
import type { Answer } from './answer.ts'
import { failure } from './failure.ts'
import type { Incoming } from './incoming.ts'
import type { Ports } from './ports.ts'
import type { RawCall } from './raw-call.ts'
import type { Stage } from './stage.ts'
import { success } from './success.ts'
import { validate } from './validate.ts'
import { within } from './within.ts'

/** One request, in the order the steps are written. No other file knows the order. */
export async function run(house: Ports, incoming: Incoming): Promise<Answer> {
  let caller: Caller | undefined
  try {
    const { endpoint, params } = house.route(incoming) //                 400 404 405
    caller = await house.authenticate(incoming) //                        400 401
    const asked = { incoming, params, caller }
    await house.authorize(endpoint, asked) //                             401 403 412 429
    const call = await house.open(endpoint, asked) //                     413 415
    return await house.perform(endpoint, call, incoming) //               400 422 501 503 504
  } catch (thrown) {
    return failure(house, { incoming, caller, thrown })
  }
}

/** The second half of the road, wherever the endpoint's code lives: in the house for built-ins, in the site's thread for a site's own. */
export async function perform(definition: Definition, raw: RawCall, at: Stage): Promise<Answer> {
  const call = await validate(definition, raw, at) //                     400 413 422 501
  at.began?.()
  const result = await within(definition.record.timeout, at, () => around(definition, call)) // 504
  return success(definition.record, call, result)
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
