import { allow, defineType, field } from 'postern'

export default defineType({
  name: 'member',
  description: 'A friend of the museum. Each sees and changes only what is about themselves.',
  fields: {
    code: field.text({ required: true, unique: true, description: 'The number on the membership card.' }),
    city: field.text({ index: true }),
    since: field.date(),
  },
  rules: {
    read: allow.any(allow.owner(), allow.role('admin')),
    create: allow.role('admin'),
    update: allow.any(allow.owner(), allow.role('admin')),
    delete: allow.role('admin'),
  },
})
