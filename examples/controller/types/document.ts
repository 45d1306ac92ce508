import { allow, defineType, field } from 'postern'

export default defineType({
  name: 'document',
  plural: 'documents',
  fields: { body: field.text() },
  rules: { read: allow.everyone, create: allow.role('editor') },
})
