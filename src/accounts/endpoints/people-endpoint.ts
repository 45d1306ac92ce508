import type { z } from 'zod'
import type { Call } from '../../endpoint/call.ts'
import { defineEndpoint, type DefinedEndpoint, type EndpointFacts } from '../../endpoint/define-endpoint.ts'
import { PosternError } from '../../errors/postern-error.ts'
import { parseInput } from '../parse-input.ts'
import type { Visitor } from '../sessions.ts'

export interface PeopleEndpoint<Body> extends EndpointFacts {
  readonly body: z.ZodType<Body>
  readonly response?: z.ZodType
  readonly handler: (call: Call, body: Body) => unknown
}

/**
 * An endpoint whose body is about people. Its schema is told to whoever describes, but checked here, where what can be no
 * name or password at all (an object, a number, nothing) is malformed and not merely wrong.
 */
export function peopleEndpoint<Body>(options: PeopleEndpoint<Body>): DefinedEndpoint {
  const { handler, ...facts } = options
  return defineEndpoint<Call['params'], Call['query'], Body>({
    ...facts,
    handler: (call) => handler(call, parseInput(options.body, call.body ?? {})),
  })
}

/** The signed-in person behind a call, by a session of their own. NEEDS_SESSION for tokens: they open doors, and make no keys. */
export function personOf(call: Pick<Call, 'caller'>): { readonly id: number; readonly session: number } {
  const { caller } = call
  if (caller.kind !== 'user' || caller.sessionId === undefined) {
    throw new PosternError('NEEDS_SESSION', 'This is only for a person who has signed in, not for an API token.')
  }
  return { id: caller.id, session: caller.sessionId }
}

/** The user behind a call, by whatever way. The endpoint's rule has made sure that there is one. */
export function userIdOf(call: Pick<Call, 'caller'>): number {
  if (call.caller.kind !== 'user') throw new PosternError('FORBIDDEN', 'This is only for users.')
  return call.caller.id
}

export function visitorOf(call: Pick<Call, 'address' | 'headers' | 'id'>, device?: string): Visitor {
  return { address: call.address ?? '', agent: call.headers['user-agent'] ?? '', device, request: call.id }
}

/** The number in the path. NOT_FOUND where it is none: there can be nothing under it. */
export function idParam(call: Pick<Call, 'params'>): number {
  const text = call.params['id']
  const id = typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
  if (id === undefined) throw new PosternError('NOT_FOUND', 'There is nothing of this id.')
  return id
}

export function isAdmin(call: Pick<Call, 'caller'>): boolean {
  return call.caller.kind === 'user' && call.caller.roles.includes('admin')
}
