import { PosternError } from '../../errors/postern-error.ts'
import type { Row } from '../../store/port.ts'
import type { Actor } from '../actor.ts'
import type { Input, Parts } from '../parts.ts'

/** `{ after?, limit? }`: what was done after the row of that id, oldest first. For the system alone: it is not cut by rules. */
export async function readOutbox(parts: Parts, input: Input, actor: Actor): Promise<Row[]> {
  if (actor.system === undefined) throw new PosternError('FORBIDDEN', 'The outbox is for the system alone.')
  const { after = 0, limit = 100 } = input
  if (typeof after !== 'number' || typeof limit !== 'number' || limit > mostRows)
    throw new PosternError('BAD_REQUEST', `Give numbers, and a limit of at most ${mostRows}.`)
  const select = ['id', 'at', 'operation', 'object_type', 'object_id', 'version', 'user_id']
  return parts.read.rows({
    from: 'outbox',
    select,
    where: { column: 'id', is: 'gt', value: after },
    order: [{ column: 'id' }],
    limit,
  })
}

const mostRows = 1_000
