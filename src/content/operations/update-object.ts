import type { StoredObject } from '../../endpoint/content.ts'
import { PosternError } from '../../errors/postern-error.ts'
import type { Reader, Transaction } from '../../store/port.ts'
import { mayGiveServerFields, type Actor } from '../actor.ts'
import { aroundChange, type ObjectChange } from '../around.ts'
import { checkReferences } from '../check-references.ts'
import { askRow, fieldsToAsk } from '../field-writes.ts'
import { found, type Found } from '../find-for-change.ts'
import { parseFields, type ParsedFields } from '../parse-fields.ts'
import type { Input, Parts } from '../parts.ts'
import { parseTies, writeTies } from '../ties.ts'
import { parseTranslations, translationsOf, writeTranslations } from '../translations.ts'
import { isSearchedName, objectWords, writeWords } from '../word-index.ts'
import { stored } from '../stored.ts'
import { writeOutbox } from '../write-outbox.ts'
import { writeLists } from '../write-lists.ts'
import { isNamedValues } from '../named-values.ts'

/**
 * `{ type?, id, changes }`: only what is named changes. With `version` among the changes: STALE where it is another.
 * `parents` and each named relation are then all there are.
 */
export async function updateObject(parts: Parts, input: Input, actor: Actor): Promise<StoredObject> {
  const { version, parents, relations, translations, ...changes } = changesOf(input)
  const change = {
    operation: 'objects.update',
    input: { ...input, version },
    actor,
    right: 'update' as const,
    fields: changes,
    permit: async (target: Found, reader: Pick<Reader, 'first'>): Promise<void> => {
      const written = { type: target.type, fields: { ...changes, translations }, path: 'body' }
      const asked = await fieldsToAsk(written, { parts, actor })
      await askRow(reader, { ...target, asked }, { parts, actor })
    },
  } satisfies ObjectChange
  return aroundChange(parts, change, () =>
    parts.write.transaction(async (transaction) => {
      const target = await found(transaction, { ...input, version }, { parts, actor, right: 'update' })
      await change.permit(target, transaction)
      const fields = parseFields(target.type, changes, {
        creating: false,
        system: mayGiveServerFields(actor),
        path: 'body',
      })
      await checkReferences(transaction, { type: target.type, own: fields.own, path: 'body' }, { parts, actor })
      await write(transaction, { target, fields, now: parts.now() })
      const ties = parseTies({ parents, relations }, parts.types.relationsOf(target.type), {
        type: target.type,
        path: 'body',
      })
      await writeTies({ ...target, ties }, { transaction, parts, actor, path: 'body', replace: true })
      await writeTranslations(transaction, target.id, parseTranslations(translations, target.type, 'body'))
      const changed = await stored(transaction, target.type, target.id)
      if (translations !== undefined || Object.keys(changes).some((name) => isSearchedName(target.type, name))) {
        const texts = Object.values(await translationsOf(transaction, target.type, target.id))
        await writeWords(transaction, target.id, objectWords(target.type, changed, texts))
      }
      await writeOutbox(
        transaction,
        { operation: 'objects.update', type: target.type.name, id: target.id, version: target.version + 1 },
        { actor, now: String(changed['modified']) },
      )
      return changed
    }),
  )
}

function changesOf(input: Input): Input {
  const changes = input['changes'] ?? {}
  if (isNamedValues(changes)) return changes
  throw new PosternError('BAD_REQUEST', 'Changes are written as named values.')
}

async function write(
  transaction: Transaction,
  change: { target: Found; fields: ParsedFields; now: string },
): Promise<void> {
  const { target, fields, now } = change
  const where = { column: 'id', is: 'eq', value: target.id } as const
  await transaction.run({ update: 'objects', set: { modified: now, ...fields.shared }, add: { version: 1 }, where })
  if (Object.keys(fields.own).length === 0) return
  await transaction.run({ update: target.type.table, set: fields.own, where })
  await writeLists(transaction, { type: target.type, own: fields.own, id: target.id })
}
