import type { Content, StoredObject } from '../endpoint/content.ts'
import type { Actor } from './actor.ts'
import type { ContentRoom } from './room.ts'

/** Content as this actor may see and change it: a thin face on the room's operations. */
export function contentFor(room: Pick<ContentRoom, 'perform'>, actor: Actor): Content {
  return {
    list: async (type, query = {}) => room.perform('objects.list', { ...typed(type), query }, actor),
    read: async (type, id, query = {}) => room.perform('objects.read', { ...typed(type), id, query }, actor),
    create: async (type, fields) => (await room.perform('objects.create', { type, fields }, actor)) as StoredObject,
    update: async (type, id, changes) => room.perform('objects.update', { ...typed(type), id, changes }, actor),
    trash: async (type, id) => {
      await room.perform('objects.trash', { ...typed(type), id }, actor)
    },
    perform: async (operation, input) => room.perform(operation, input, actor),
  }
}

/** `objects` speaks of every type. */
function typed(type: string): { type?: string } {
  return type === 'objects' ? {} : { type }
}
