import { allow, defineType, field } from 'postern'

/** Seen by whoever wrote it, and nobody else but an admin. */
export default defineType({
  name: 'note',
  fields: { body: field.text(), rank: field.integer({ index: true }) },
  rules: { read: allow.any(allow.owner(), allow.role('admin')), create: allow.user },
})
