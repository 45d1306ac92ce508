import type { Row } from '../../store/port.ts'
import type { Actor } from '../actor.ts'
import { findVisible } from '../find-visible.ts'
import type { Input, Parts } from '../parts.ts'
import { translationsOf } from '../translations.ts'

/** `{ type?, id }`: by language, the texts that an object has besides its own. */
export async function readTranslations(parts: Parts, input: Input, actor: Actor): Promise<Record<string, Row>> {
  const { id, type } = await findVisible(input, { parts, actor })
  return translationsOf(parts.read, type, id)
}
