import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allow } from '../rules/allow.ts'
import { defineType } from './define-type.ts'
import { field } from './field.ts'
import { ObjectTypes } from './object-types.ts'
import { unindexed } from './unindexed.ts'

const card = defineType({
  name: 'short_card',
  fields: {
    name: field.text({ index: true }),
    code: field.text({ unique: true }),
    city: field.text(),
    team: field.integer({ private: true }),
    tags: field.tags(),
    text: field.richText(),
    of: field.reference({ to: 'short_card' }),
  },
  rules: { read: allow.any(allow.where({ team: 3, name: 'x' }), allow.owner()), update: allow.where({ city: 'Rome' }) },
})
const [type] = new ObjectTypes([card]).all

test('names the fields that rules and allowed filters speak of and that have no index', () => {
  assert.ok(type)
  assert.deepEqual(unindexed(type, []), { type: 'short_card', byRules: ['city', 'team'], byFilters: [] })
  assert.deepEqual(unindexed(type, ['filter[*]', 'page']).byFilters, ['city'])
  assert.deepEqual(unindexed(type, ['filter[city]', 'filter[name]']).byFilters, ['city'])
  assert.deepEqual(unindexed(type, ['filter[ShortCard.city]']).byFilters, ['city'])
  assert.deepEqual(unindexed(type, ['filter[Other.city]', 'filter[team]']).byFilters, [])
})
