import type { Row } from '../../store/port.ts'
import type { Actor } from '../actor.ts'
import { findVisible } from '../find-visible.ts'
import type { Input, Parts } from '../parts.ts'
import { stored } from '../stored.ts'
import { shownTexts, translationsOf } from '../translations.ts'

/** `{ type?, id }`: by language, the texts that an object has besides its own. */
export async function readTranslations(parts: Parts, input: Input, actor: Actor): Promise<Record<string, Row>> {
  const { id, type } = await findVisible(input, { parts, actor })
  const texts = await translationsOf(parts.read, type, id)
  if (type.veils.size === 0) return texts
  return shownTexts(texts, await stored(parts.read, type, id))
}
