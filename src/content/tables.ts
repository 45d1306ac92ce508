import type { Column, Index, Schema, Table } from '../store/table.ts'
import { columnOf } from './field-kinds.ts'
import { fieldShape, type FieldShape } from './field-shape.ts'
import type { ObjectType } from './object-types.ts'
import { pieceIndex, wordIndex } from './word-index.ts'

/** Everything this room keeps: the shared tables, and one table for each type. */
export function contentSchema(types: readonly ObjectType[]): Schema {
  return {
    room: 'content',
    tables: [
      objects,
      accessEntries,
      listEntries,
      links,
      tree,
      treeGuards,
      translations,
      words,
      pieces,
      facts,
      outbox,
      idempotency,
      ...types.map(typeTable),
    ],
  }
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
    { columns: ['object_type', 'trashed', 'id'] },
    { columns: ['object_type', 'trashed', 'created', 'id'] },
    { columns: ['object_type', 'trashed', 'modified', 'id'] },
    { columns: ['object_type', 'trashed', 'title', 'id'] },
    { columns: ['object_type', 'trashed', 'published_from', 'id'] },
    { columns: ['owner', 'object_type', 'trashed', 'id'] },
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

/** What lists of words hold, one row for each, so that objects are found by any of them. */
const listEntries: Table = {
  name: 'list_entries',
  columns: { object_id: toObject, field: { type: 'text' }, value: { type: 'text' } },
  primaryKey: ['object_id', 'field', 'value'],
  indexes: [{ columns: ['field', 'value', 'object_id'] }],
}

/** Required or not, a column may be empty: what is required is asked of writers, and can change without touching rows. */
function columnFor(field: FieldShape): Column {
  const column: Column = { type: columnOf(field), nullable: true, note: fieldShape(field) }
  return field.kind === 'reference'
    ? { ...column, references: { table: 'objects', column: 'id', onDelete: 'set null' } }
    : column
}

/** A link of a relation, kept under the name of the side that declares it; each side has an order of its own. */
const links: Table = {
  name: 'links',
  columns: {
    id: { type: 'id' },
    name: { type: 'text' },
    source: toObject,
    target: toObject,
    position: { type: 'integer' },
    inverse_position: { type: 'integer' },
    params: { type: 'json', nullable: true },
  },
  indexes: [
    { columns: ['source', 'name', 'target'], unique: true },
    { columns: ['source', 'name', 'position', 'target'] },
    { columns: ['target', 'name', 'inverse_position', 'source'] },
  ],
}

/** A place in the tree: sections have one parent, other objects as many as they like. */
const tree: Table = {
  name: 'tree',
  columns: { parent: toObject, child: toObject, position: { type: 'integer' } },
  primaryKey: ['parent', 'child'],
  indexes: [{ columns: ['parent', 'position', 'child'] }, { columns: ['child', 'parent'] }],
}

/** Which sections' rules hold for what lies in a section: those above it and itself, kept as sections move; see `write-guards.ts`. */
const treeGuards: Table = {
  name: 'tree_guards',
  columns: { section: toObject, guard: toObject, guard_type: { type: 'text' } },
  primaryKey: ['section', 'guard'],
  indexes: [{ columns: ['guard'] }],
}

/** What content knows of itself, such as by which fields a type was indexed. */
const facts: Table = {
  name: 'content_facts',
  columns: { name: { type: 'text' }, value: { type: 'text' } },
  primaryKey: ['name'],
}

/** Texts in other languages, one row for each language of an object. */
const translations: Table = {
  name: 'translations',
  columns: { object_id: toObject, lang: { type: 'text' }, fields: { type: 'json' } },
  primaryKey: ['object_id', 'lang'],
}

/** What was done, in order, for whoever tells others of it; see `write-outbox.ts`. */
const outbox: Table = {
  name: 'outbox',
  columns: {
    id: { type: 'id' },
    at: { type: 'text' },
    operation: { type: 'text' },
    object_type: { type: 'text' },
    object_id: { type: 'integer' },
    version: { type: 'integer', nullable: true },
    user_id: { type: 'integer', nullable: true },
  },
}

/** What was answered to requests that must not be done twice; see `idempotency.ts`. */
const idempotency: Table = {
  name: 'idempotency',
  columns: { holder: { type: 'text' }, fingerprint: { type: 'text' }, answer: { type: 'json' }, at: { type: 'text' } },
  primaryKey: ['holder'],
  indexes: [{ columns: ['at'] }],
}

/** The words of every object, and the pieces of its texts; see `word-index.ts`. */
const words: Table = { name: wordIndex, columns: {}, search: ['title', 'body'] }
const pieces: Table = { name: pieceIndex, columns: {}, search: ['pieces'] }

export function typeTable(type: {
  readonly table: string
  readonly fields: Readonly<Record<string, FieldShape>>
}): Table {
  const own = Object.entries(type.fields)
  const columns: Record<string, Column> = { id: toObject }
  for (const [name, field] of own) columns[name] = columnFor(field)
  const indexes = own.flatMap(([name, field]): Index[] => {
    if (field.unique === true) return [{ columns: [name], unique: true }]
    return field.index === true || field.kind === 'reference' ? [{ columns: [name, 'id'] }] : []
  })
  return { name: type.table, columns, primaryKey: ['id'], indexes }
}
