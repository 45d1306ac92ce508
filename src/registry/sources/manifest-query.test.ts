import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { conditionsOf } from './manifest-query.ts'

describe('conditions in a query string', () => {
  const rows: readonly [name: string, value: string, condition: Record<string, string>][] = [
    ['age', '30', { age: '30' }],
    ['age>', '30', { 'age >=': '30' }],
    ['age<', '30', { 'age <=': '30' }],
    ['name!', 'Ann', { 'name !=': 'Ann' }],
    ['age>30', '', { 'age >': '30' }],
    ['age<30', '', { 'age <': '30' }],
    ['age <', '30', { 'age <': '30' }],
    ['age >=', '30', { 'age >=': '30' }],
    ['name LIKE', 'A%', { 'name LIKE': 'A%' }],
    ['OR age>', '30', { 'OR age >=': '30' }],
    ['name', '', { name: '' }],
    ['age>30', 'x', { 'age>30': 'x' }],
  ]
  for (const [name, value, condition] of rows) {
    test(`${name}=${value}`, () => assert.deepEqual(conditionsOf({ [name]: value }), condition))
  }
})
