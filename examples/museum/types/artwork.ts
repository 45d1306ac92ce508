import { allow, defineType, field } from 'postern'

export default defineType({
  name: 'artwork',
  description: 'A work of the collection, in the tree under everything that it shows.',
  fields: {
    catalogue_id: field.integer({ required: true, unique: true, description: 'The number in the museum’s catalogue.' }),
    accession: field.text({ required: true, unique: true, description: 'The number on the object, such as N00530.' }),
    medium: field.text(),
    classification: field.text({ index: true }),
    date_text: field.text({ description: 'As the museum writes it, such as c.1825–8.' }),
    start_year: field.integer({ index: true }),
    end_year: field.integer(),
    acquisition_year: field.integer({ index: true }),
    credit_line: field.text(),
    inscription: field.text(),
    dimensions: field.text({ description: 'All measures as the museum writes them.' }),
    width: field.number(),
    height: field.number(),
    depth: field.number(),
    units: field.text(),
    series: field.text({ index: true, description: 'The sketchbook, portfolio or series that it belongs to.' }),
  },
  relations: {
    artists: { to: 'artist', inverse: 'works', params: { role: field.text({ required: true }) } },
  },
  rules: {
    read: allow.everyone,
    create: allow.role('curator'),
    update: allow.role('curator'),
    delete: allow.role('admin'),
  },
})
