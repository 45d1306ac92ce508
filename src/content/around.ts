import type { Reader } from '../store/port.ts'
import { found, type Found } from './find-for-change.ts'
import type { Actor } from './actor.ts'
import type { Right } from './access.ts'
import type { OperationEvent } from './operation-hooks.ts'
import type { Input, Parts } from './parts.ts'

/** The work between the hooks of its operation. Without hooks it is the work alone. */
export async function around<Result>(
  parts: Parts,
  event: OperationEvent,
  work: () => Promise<Result>,
): Promise<Result> {
  const { hooks } = parts
  if (!hooks.has(event.operation)) return work()
  await hooks.before(event)
  const result = await work()
  return ((await hooks.after(event, result)) ?? result) as Result
}

/** The same for a change of an object that exists: the rule is asked beforehand too, so that hooks never run for nothing. */
export async function aroundChange<Result>(
  parts: Parts,
  change: ObjectChange,
  work: () => Promise<Result>,
): Promise<Result> {
  const { operation, input, actor, right, fields, permit, ...where } = change
  if (!parts.hooks.has(operation)) return work()
  const target = await found(parts.read, input, { parts, actor, right, ...where })
  await permit?.(target, parts.read)
  return around(parts, { operation, actor, type: target.type.name, id: target.id, fields }, work)
}

export interface ObjectChange {
  readonly operation: string
  readonly input: Input
  readonly actor: Actor
  readonly right: Right
  readonly fields: Readonly<Record<string, unknown>>
  readonly trashed?: boolean
  readonly answered?: boolean
  /** What else is asked of the object before hooks run; refuses by throwing. */
  readonly permit?: (target: Found, reader: Pick<Reader, 'first'>) => Promise<void>
}
