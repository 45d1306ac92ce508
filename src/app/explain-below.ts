import { refused, type Right } from '../content/access.ts'
import type { ContentRoom } from '../content/room.ts'
import type { SeenContent } from '../describe/why.ts'
import type { Caller } from '../endpoint/caller.ts'

interface Judged {
  readonly id: number
  readonly right: Right
  readonly caller: Caller
  /** What the object's own rule makes of it, or the rules of sections above it. */
  readonly refused: SeenContent['refused']
  /** The path's part behind the object. */
  readonly sub: string | undefined
}

/** Which sections hold an object back, or what lies in it where the path asks for that; and what the operation is refused with then. */
export async function judgedBelow(room: ContentRoom, judged: Judged): Promise<Pick<SeenContent, 'refused' | 'held'>> {
  const { id, right, caller, sub = '' } = judged
  if (judged.refused !== undefined) {
    return { refused: judged.refused, held: await room.heldBack({ id, right }, { caller }) }
  }
  if (!inside.has(sub)) return {}
  const held = await room.heldBack({ id, right, inside: true }, { caller })
  if (held.length === 0 || right === 'read') return { held }
  const { code, message } = refused({ caller }, 'to change what lies below this section')
  return { refused: { code, text: message }, held }
}

const inside: ReadonlySet<string> = new Set(['children', 'contents', 'sections', 'descendants'])
