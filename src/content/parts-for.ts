import type { Awaitable } from '../errors/awaitable.ts'
import type { Condition } from '../schema/condition.ts'
import { verdict } from './access.ts'
import { mayGiveServerFields, type Actor } from './actor.ts'
import type { Parts } from './parts.ts'
import { second } from './second.ts'
import { seenTypes } from './seen-types.ts'

/**
 * What an operation works with when it is done for this actor: the verdicts of the site's own functions, asked once before
 * it begins, since a transaction never waits for the site's code; and the types as the actor sees them. Most sites have
 * neither such functions nor rules on fields, and pay nothing.
 */
export function partsFor(parts: Parts, actor: Actor): Awaitable<Parts> {
  const { types } = parts
  const isSame = mayGiveServerFields(actor) || (types.whenNames.length === 0 && types.readRuled.length === 0)
  return isSame ? parts : decidedParts(parts, actor)
}

async function decidedParts(parts: Parts, actor: Actor): Promise<Parts> {
  const { types } = parts
  const decided = await verdicts(parts, actor)
  return {
    ...parts,
    decide: async (name) => decided.get(name) ?? false,
    types: seenTypes(types, { caller: actor.caller, decided, now: second(parts) }),
  }
}

async function verdicts({ types, decide }: Parts, actor: Actor): Promise<ReadonlyMap<string, boolean | Condition>> {
  if (types.whenNames.length === 0) return none
  const asked = types.whenNames.map(async (name) => [name, await verdict(name, { actor, decide })] as const)
  return new Map(await Promise.all(asked))
}

const none: ReadonlyMap<string, boolean | Condition> = new Map()
