import type { Column, Index, Schema, Table } from '../store/table.ts'
import { columnOf } from './field-kinds.ts'
import type { ObjectType } from './object-types.ts'

/** Everything this room keeps: the shared tables, and one table for each type. */
export function contentSchema(types: readonly ObjectType[]): Schema {
  return { room: 'content', tables: [objects, accessEntries, ...types.map(typeTable)] }
}

const toObject: Column = { type: 'integer', references: { table: 'objects', column: 'id', onDelete: 'cascade' } }

const objects: Table = {
  name: 'objects',
  columns: {
    id: { type: 'id' },
    object_type: { type: 'text' },
    status: { type: 'text' },
    slug: { type: 'text' },
    title: { type: 'text', nullable: true },
    description: { type: 'text', nullable: true },
    lang: { type: 'text', nullable: true },
    owner: { type: 'integer', nullable: true },
    created: { type: 'text' },
    modified: { type: 'text' },
    published_from: { type: 'text', nullable: true },
    published_until: { type: 'text', nullable: true },
    version: { type: 'integer' },
    trashed: { type: 'text', nullable: true },
  },
  indexes: [
    { columns: ['slug'], unique: true },
    { columns: ['object_type', 'id'] },
    { columns: ['object_type', 'created', 'id'] },
    { columns: ['object_type', 'modified', 'id'] },
    { columns: ['object_type', 'title', 'id'] },
    { columns: ['owner', 'object_type', 'id'] },
    { columns: ['trashed'] },
  ],
}

/** Who an access list names, one row for each, so that `allow.listed` finds its rows by an index. */
const accessEntries: Table = {
  name: 'access_entries',
  columns: {
    id: { type: 'id' },
    object_id: toObject,
    field: { type: 'text' },
    user_id: { type: 'integer', nullable: true },
    role: { type: 'text', nullable: true },
  },
  indexes: [
    { columns: ['object_id', 'field'] },
    { columns: ['user_id', 'field', 'object_id'] },
    { columns: ['role', 'field', 'object_id'] },
  ],
}

function typeTable(type: ObjectType): Table {
  const own = Object.entries(type.fields)
  const columns: Record<string, Column> = { id: toObject }
  for (const [name, field] of own) columns[name] = { type: columnOf(field), nullable: true }
  const indexes = own.flatMap(([name, field]): Index[] => {
    if (field.unique === true) return [{ columns: [name], unique: true }]
    return field.index === true || field.kind === 'reference' ? [{ columns: [name, 'id'] }] : []
  })
  return { name: type.table, columns, primaryKey: ['id'], indexes }
}
