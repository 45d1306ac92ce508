import type { Caller } from '../endpoint/caller.ts'
import { isPosternError, PosternError } from '../errors/postern-error.ts'
import type { Answer } from './answer.ts'
import type { Incoming } from './incoming.ts'
import type { Ports } from './ports.ts'
import { problem } from './problem.ts'
import { problemPage, wantsPage } from './problem-page.ts'

interface Failed {
  readonly incoming: Incoming
  /** Absent where it came before anybody was known. */
  readonly caller: Caller | undefined
  readonly thrown: unknown
}

/** Whatever was thrown becomes a problem the caller may see; what they may not see goes to the log under the same id. */
export function failure(house: Pick<Ports, 'note'>, { incoming, caller, thrown }: Failed): Answer {
  house.note(incoming, thrown, caller)
  const error = isPosternError(thrown) ? thrown : new PosternError('INTERNAL', 'Something went wrong on our side.')
  return wantsPage(error, incoming) ? problemPage(error, incoming) : problem(error, incoming.id)
}
