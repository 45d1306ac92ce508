import { allow, defineType, field } from 'postern'

export default defineType({
  name: 'article',
  fields: {
    code: field.text({ required: true, unique: true }),
    category: field.text({ index: true }),
    price: field.integer({ index: true }),
    body: field.text(),
  },
  relations: { authors: { to: 'author', inverse: 'articles' } },
  rules: { read: allow.everyone, create: allow.user, update: allow.role('admin'), delete: allow.role('admin') },
})
