import type { Field } from './field.ts'

/** A field that every object has, in the order in which it is answered. */
export interface SharedField extends Field {
  /** Who gives the value: whoever writes the object, or the server alone. */
  readonly by: 'writer' | 'server'
}

export const statuses = ['draft', 'on', 'off'] as const

export const sharedFields: Readonly<Record<string, SharedField>> = {
  id: { kind: 'integer', by: 'server', required: true },
  object_type: { kind: 'text', by: 'server', required: true },
  status: { kind: 'select', options: statuses, by: 'writer', required: true, default: 'on' },
  slug: { kind: 'slug', by: 'writer', required: true, unique: true },
  title: { kind: 'text', by: 'writer', maxLength: 1000, localized: true },
  description: { kind: 'text', by: 'writer', localized: true },
  lang: { kind: 'text', by: 'writer', maxLength: 35 },
  owner: { kind: 'integer', by: 'server' },
  created: { kind: 'datetime', by: 'server', required: true },
  modified: { kind: 'datetime', by: 'server', required: true },
  published_from: { kind: 'datetime', by: 'writer' },
  published_until: { kind: 'datetime', by: 'writer' },
  version: { kind: 'integer', by: 'server', required: true },
}

export const sharedNames = Object.keys(sharedFields)
