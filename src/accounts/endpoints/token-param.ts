import type { Call } from '../../endpoint/call.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Room } from '../room.ts'
import { findToken, type Token } from '../tokens.ts'
import { idParam, isAdmin, userIdOf } from './people-endpoint.ts'

/** The token of the path. Somebody else's is NOT_FOUND, as one that never was. */
export async function tokenParam(room: Room, call: Call): Promise<Token> {
  const token = await findToken(room, idParam(call))
  if (token === undefined || (token.user !== userIdOf(call) && !isAdmin(call))) {
    throw new PosternError('NOT_FOUND', 'There is nothing of this id.')
  }
  return token
}
