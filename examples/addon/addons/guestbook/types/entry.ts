import { allow, defineType, field } from 'postern'

export default defineType({
  name: 'entry',
  plural: 'entries',
  fields: { text: field.text({ required: true }) },
  rules: { read: allow.everyone, create: allow.user },
})
