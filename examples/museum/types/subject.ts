import { allow, defineType, field } from 'postern'

export default defineType({
  name: 'subject',
  description: 'Something that a work shows: a branch of the tree, with narrower subjects below it.',
  section: true,
  fields: {
    catalogue_id: field.integer({ required: true, unique: true, description: 'The number in the museum’s catalogue.' }),
  },
  rules: {
    read: allow.everyone,
    create: allow.role('curator'),
    update: allow.role('curator'),
    delete: allow.role('admin'),
  },
})
