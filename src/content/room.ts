import { following, type Awaitable } from '../errors/awaitable.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { OwnerRule } from '../endpoint/rule.ts'
import type { Reader, Writer } from '../store/port.ts'
import type { Schema } from '../store/table.ts'
import type { Decide, Right } from './access.ts'
import type { Actor } from './actor.ts'
import type { TypeData } from './define-type.ts'
import { asksOf, heldBack, type AskedBelow, type HeldBack } from './explain-guards.ts'
import { found } from './find-for-change.ts'
import { ObjectTypes } from './object-types.ts'
import { noHooks, type OperationHooks } from './operation-hooks.ts'
import { operations, type OperationName } from './operations/table.ts'
import { ownerOf } from './owner-of.ts'
import type { Input, Operation, Parts } from './parts.ts'
import { partsFor } from './parts-for.ts'
import { contentSchema } from './tables.ts'

export interface RoomOptions {
  readonly types: readonly TypeData[]
  readonly read: Reader
  /** The one writer; a room without it forwards what it cannot do itself. */
  readonly write?: Writer
  readonly forward?: Forward
  /** The site's own rule functions; absent: they deny. */
  readonly decide?: Decide
  /** Code around writes; only where there is the writer. */
  readonly hooks?: OperationHooks
  /** Now, in milliseconds. */
  readonly clock?: () => number
}

/** Carries a write from the site's thread to the room that has the writer. */
export type Forward = (operation: string, input: Input, actor: Actor) => Promise<unknown>

/** What an operation answers, where its name is known: at hand, where nothing has to be waited for. */
export type Performed<Name extends string> = Name extends OperationName
  ? ReturnType<(typeof operations)[Name]['perform']>
  : Awaitable<unknown>

export interface ContentRoom {
  readonly types: ObjectTypes
  /** The types as this actor sees them: without the fields that are not theirs to read. */
  readonly typesFor: (actor: Actor) => Promise<ObjectTypes>
  /** Does the operation for the actor. Refuses (NOT_FOUND) a name that is none. */
  readonly perform: <Name extends string>(operation: Name, input: Input, actor: Actor) => Performed<Name>
  /** Refuses as an operation that needs this right on the object `{ type?, id }` would, and does nothing. */
  readonly judge: (right: Right, input: Input, actor: Actor) => Promise<void>
  /** Which sections' rules keep the actor from an object, or with `inside` from what lies in it; for explanations alone. */
  readonly heldBack: (asked: AskedHeld, actor: Actor) => Promise<readonly HeldBack[]>
  /** Which rules of sections may keep rows from the actor. */
  readonly asksBelow: (right: Right, actor: Actor) => Promise<readonly AskedBelow[]>
  /** The owner of the first object whose field equals the value; `undefined` where there is none. Strict by type. */
  readonly ownerOf: (owner: Pick<OwnerRule, 'type' | 'by'>, value: unknown) => Promise<number | null | undefined>
}

export interface AskedHeld {
  readonly id: number
  readonly right: Right
  readonly inside?: boolean
}

/** The tables that a store needs before a room of these types can work on it. */
export function schemaOf(types: readonly TypeData[]): Schema {
  return contentSchema(new ObjectTypes(types).all)
}

/** Every face of content goes through the room it makes. */
export function createContentRoom(options: RoomOptions): ContentRoom {
  const types = new ObjectTypes(options.types)
  const clock = options.clock ?? Date.now
  const parts: Parts = {
    types,
    read: options.read,
    write: options.write ?? noWriter,
    decide: options.decide ?? (async () => false),
    hooks: options.hooks ?? noHooks,
    now: () => new Date(clock()).toISOString(),
  }
  function perform(name: string, input: Input, actor: Actor): Awaitable<unknown> {
    const operation: Operation | undefined = isOperation(name) ? operations[name] : undefined
    if (operation === undefined) {
      throw new PosternError('NOT_FOUND', `There is no content operation ${JSON.stringify(name)}.`)
    }
    if (operation.writes && options.write === undefined && options.forward) return options.forward(name, input, actor)
    return following(partsFor(parts, actor), (own) => operation.perform(own, input, actor))
  }

  async function judge(right: Right, input: Input, actor: Actor): Promise<void> {
    await found({ first: options.read.first }, input, { parts: await partsFor(parts, actor), actor, right })
  }

  // What each operation answers is said by its own type, which the table keeps beside its name.
  return {
    types,
    typesFor: async (actor) => (await partsFor(parts, actor)).types,
    judge,
    heldBack: async ({ id, right, inside = false }, actor) =>
      heldBack(id, { parts: await partsFor(parts, actor), reader: options.read, actor, right }, inside),
    asksBelow: async (right, actor) => asksOf({ parts: await partsFor(parts, actor), actor, right }),
    ownerOf: (owner, value) => ownerOf(parts, owner, value),
    perform: perform as ContentRoom['perform'],
  }
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name)
}

const noWriter: Writer = {
  run: () => Promise.reject(new Error('This room has no writer')),
  transaction: () => Promise.reject(new Error('This room has no writer')),
}
