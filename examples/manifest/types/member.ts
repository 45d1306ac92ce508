import { allow, defineType, field } from 'postern'

export default defineType({
  name: 'member',
  fields: { code: field.text({ unique: true, required: true }), name: field.text() },
  rules: {
    read: allow.any(allow.owner(), allow.role('admin')),
    create: allow.user,
    update: allow.any(allow.owner(), allow.role('admin')),
    delete: allow.role('admin'),
  },
})
