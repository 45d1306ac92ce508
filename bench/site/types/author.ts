import { allow, defineType, field } from 'postern'

export default defineType({
  name: 'author',
  fields: { city: field.text() },
  rules: { read: allow.everyone, create: allow.user },
})
