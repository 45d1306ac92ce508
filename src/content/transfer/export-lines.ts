import type { Actor } from '../actor.ts'
import type { ExportPage } from '../operations/export-objects.ts'
import type { ContentRoom } from '../room.ts'
import type { ObjectType } from '../object-types.ts'
import { csvLine } from './csv.ts'
import { slugOf } from './pending-ties.ts'

export interface ExportOptions {
  readonly room: Pick<ContentRoom, 'perform' | 'typesFor'>
  readonly actor: Actor
  readonly type: string
  readonly format: 'ndjson' | 'csv'
  readonly progress?: (objects: number) => void
}

/** The objects of a type as the actor may read them, a line for each; what `importObjects` takes again. CSV holds fields only. */
export async function* exportLines(options: ExportOptions): AsyncGenerator<string> {
  const { room, actor, format } = options
  const type = (await room.typesFor(actor)).named(options.type)
  if (format === 'csv') yield csvLine(type.publicNames)
  let cursor: string | null = null
  let count = 0
  do {
    const input = { type: type.name, ...(cursor === null ? {} : { cursor }) }
    const page: ExportPage = await room.perform('objects.export', input, actor)
    for (const one of page.items)
      yield format === 'csv'
        ? csvLine(type.publicNames.map((name) => cellOf(type, name, one[name])))
        : `${JSON.stringify(one)}\n`
    count += page.items.length
    options.progress?.(count)
    cursor = page.next
  } while (cursor !== null)
}

/** A reference is written as the slug alone. */
function cellOf(type: ObjectType, name: string, value: unknown): unknown {
  return type.fields[name]?.kind === 'reference' ? slugOf(value) : value
}
