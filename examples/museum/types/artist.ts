import { allow, defineType, field } from 'postern'

export default defineType({
  name: 'artist',
  description: 'A person or a group with a hand in at least one work.',
  fields: {
    catalogue_id: field.integer({ required: true, unique: true, description: 'The number in the museum’s catalogue.' }),
    sort_name: field.text({ index: true, description: 'Family name first.' }),
    gender: field.text(),
    dates: field.text({ description: 'As the museum writes them, such as 1775–1851.' }),
    birth_year: field.integer({ index: true }),
    death_year: field.integer(),
    birth_place: field.text(),
    death_place: field.text(),
    movements: field.json({ description: 'Names of movements, with their eras.' }),
  },
  rules: {
    read: allow.everyone,
    create: allow.role('curator'),
    update: allow.role('curator'),
    delete: allow.role('admin'),
  },
})
