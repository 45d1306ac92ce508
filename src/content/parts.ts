import type { Awaitable } from '../errors/awaitable.ts'
import type { Reader, Writer } from '../store/port.ts'
import type { Decide } from './access.ts'
import type { Actor } from './actor.ts'
import type { ObjectTypes } from './object-types.ts'
import type { OperationHooks } from './operation-hooks.ts'

/** What an operation works with. */
export interface Parts {
  readonly types: ObjectTypes
  readonly read: Reader
  readonly write: Writer
  readonly decide: Decide
  readonly hooks: OperationHooks
  /** Now, as it is stored. */
  readonly now: () => string
}

/** What an operation is asked for: plain data, checked by the operation itself. */
export type Input = Readonly<Record<string, unknown>>

/** One thing that can be done with content, whatever face asks for it. */
export interface Operation {
  /** Whether it needs the one writer. */
  readonly writes: boolean
  readonly perform: (parts: Parts, input: Input, actor: Actor) => Awaitable<unknown>
}
