/** What is wrong with a file of `migrations/` is said with its place, before any database is asked. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { PosternError } from '../errors/postern-error.ts'
import { readMigrations } from './read-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-migration-files-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let sites = 0

describe('files that are not what they should be are refused with their place', () => {
  const name = '2026-11-21T2310-x.json'
  const table: [what: string, files: Record<string, string>, place: string, message: RegExp][] = [
    ['half a file', { [name]: '{\n  "steps": [\n' }, `${name}:3:1`, /value|ends/],
    ['a name given twice', { [name]: '{\n "steps": [], "steps": [] }' }, `${name}:2:15`, /given twice/],
    ['no step', { [name]: '{ "steps": [] }' }, `${name}:1:3`, /steps/],
    [
      'an unknown step',
      { [name]: '{ "steps": [\n { "do": "drop table", "type": "x" }] }' },
      `${name}:2:4`,
      /"do" is one of add type/,
    ],
    [
      'an unknown word',
      { [name]: '{ "steps": [\n { "do": "drop type", "typ": "x", "type": "x", "loses": true }] }' },
      `${name}:2:23`,
      /no place for "typ"/,
    ],
    [
      'an unknown kind',
      { [name]: '{ "steps": [\n { "do": "add type", "type": "x", "fields": { "a": { "kind": "txt" } } }] }' },
      `${name}:2:54`,
      /kind/,
    ],
    [
      'a loss that is not said',
      {
        [name]:
          '{ "steps": [\n { "do": "add type", "type": "x", "fields": {} },\n { "do": "drop type", "type": "x" }] }',
      },
      `${name}:3:2`,
      /"loses": true/,
    ],
    [
      'a field added twice',
      {
        [name]:
          '{ "steps": [\n { "do": "add type", "type": "x", "fields": { "a": { "kind": "text" } } },\n { "do": "add field", "type": "x", "field": "a", "as": { "kind": "text" } }] }',
      },
      `${name}:3:2`,
      /x\.a is so already/,
    ],
    [
      'a field of no type',
      { [name]: '{ "steps": [\n { "do": "add field", "type": "x", "field": "a", "as": { "kind": "text" } }] }' },
      `${name}:2:2`,
      /no type x/,
    ],
    [
      'a field that is not there',
      {
        [name]:
          '{ "steps": [\n { "do": "add type", "type": "x", "fields": {} },\n { "do": "rename field", "type": "x", "field": "a", "to": "b" }] }',
      },
      `${name}:3:2`,
      /neither x\.a nor b/,
    ],
    [
      'a filling that does not fit',
      {
        [name]:
          '{ "steps": [\n { "do": "add type", "type": "x", "fields": {} },\n { "do": "add field", "type": "x", "field": "a", "as": { "kind": "integer" }, "fill": "b" }] }',
      },
      `${name}:3:79`,
      /filled with must be a whole number/,
    ],
    [
      'SQL for a name',
      { [name]: '{ "steps": [\n { "do": "add type", "type": "x; drop table objects", "fields": {} }] }' },
      `${name}:2:22`,
      /lower-case words/,
    ],
    ['a name without a minute', { 'add.json': '{}' }, 'add.json', /2026-11-21T2310-add/],
    [
      'two of one minute',
      { [name]: '{ "steps": [\n { "do": "add type", "type": "x", "fields": {} }] }', '2026-11-21T2310-y.json': '{}' },
      '2026-11-21T2310-y.json',
      /same minute/,
    ],
  ]
  for (const [what, files, place, message] of table)
    test(what, () => {
      const root = join(folder, `bad${sites++}`)
      mkdirSync(join(root, 'migrations'), { recursive: true })
      for (const [file, content] of Object.entries(files)) writeFileSync(join(root, 'migrations', file), content)
      assert.throws(
        () => readMigrations(root),
        (thrown) => {
          assert.ok(thrown instanceof PosternError)
          assert.equal(thrown.code, 'BAD_SITE')
          assert.match(thrown.message, message)
          const { file, line, column } = thrown.at ?? { file: '' }
          assert.equal([file, line, column].filter((part) => part !== undefined).join(':'), `migrations/${place}`)
          return true
        },
      )
    })
})
