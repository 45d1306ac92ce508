import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testRefused, type RefusedSite } from '../fixtures/refused-sites.ts'
import { siteHouse } from '../fixtures/site-house.ts'

describe('files that cannot be endpoints stop the start, by name', () => {
  const rows: readonly RefusedSite[] = [
    [
      'a function for a rule that is nowhere',
      {
        'api/a.ts':
          "import { allow, defineEndpoint } from 'postern'\nexport default defineEndpoint({ authorize: allow.when('suny'), handler: () => 1 })",
        'rules/sunny.ts': 'export default () => true',
      },
      /api\/a\.ts:2.*no function "suny"; did you mean "sunny"/,
    ],
    [
      'a rule that is no function',
      { 'rules/sunny.ts': 'export default true' },
      /rules\/sunny\.ts: "default" is not a function/,
    ],
    [
      'a verb said twice in one file',
      { 'api/a.get.ts': 'export function GET() {}' },
      /api\/a\.get\.ts:1: .*says GET.*says a verb too/,
    ],
    [
      'a verb said by two files',
      { 'api/a.get.ts': 'export default () => 1', 'api/a.ts': '\nexport function GET() {}' },
      /GET \/api\/a is claimed twice: by api\/a\.get\.ts:1 and by api\/a\.ts:2/,
    ],
    [
      'two names for one path',
      { 'api/[a].ts': 'export default () => 1', 'api/[b].ts': 'export default () => 1' },
      /claimed twice: by api\/\[a\]\.ts:1 and by api\/\[b\]\.ts:1/,
    ],
    ['a syntax error', { 'api/a.ts': 'export default () =>\n  ({ a: }' }, /api\/a\.ts:2/],
    ['what type stripping refuses', { 'api/a.ts': 'enum Kind { A }\nexport default () => Kind.A' }, /api\/a\.ts:1/],
    ['an import of nothing', { 'api/a.ts': "import './b.ts'\nexport default () => 1" }, /api\/a\.ts/],
    ['a throw while loading', { 'api/a.ts': "\nthrow new Error('no database')" }, /api\/a\.ts:2.*no database/],
    ['no export', { 'api/a.ts': 'const one = 1' }, /api\/a\.ts:1: This file exports no endpoint/],
    [
      'an export that is no endpoint',
      { 'api/a.ts': 'export default () => 1\nexport const limit = 3' },
      /api\/a\.ts:2: "limit" is no endpoint/,
    ],
    ['a verb in small letters', { 'api/a.ts': 'export function get() {}' }, /GET/],
    [
      'a default that is no function',
      { 'api/a.ts': 'export default { a: 1 }' },
      /api\/a\.ts:1: "default" is an object/,
    ],
    ['a class', { 'api/a.ts': 'export default class A {}' }, /"default" is a class/],
    ['a verb that is not to be claimed', { 'api/a.options.ts': 'export default () => 1' }, /OPTIONS cannot be claimed/],
    ['something after the rest', { 'api/[...rest]/a.ts': 'export default () => 1' }, /takes the rest of a path/],
    ['a name used twice', { 'api/[id]/[id].ts': 'export default () => 1' }, /used twice/],
    ['a character no path has', { 'api/a b.ts': 'export default () => 1' }, /cannot be a part of a path/],
    [
      'a rule that is none',
      {
        'api/a.ts':
          "import { defineEndpoint } from 'postern'\nexport default defineEndpoint({ authorize: { roles: ['a'] }, handler: () => 1 })",
      },
      /api\/a\.ts:2.*unknown rule "roles"/,
    ],
    [
      'a rule on what the path lacks',
      {
        'api/a.ts':
          "import { allow, defineEndpoint } from 'postern'\nexport default defineEndpoint({ authorize: allow.self({ param: 'id' }), handler: () => 1 })",
      },
      /api\/a\.ts:2.*no path parameter "id"/,
    ],
    [
      'an option that is none',
      {
        'api/a.ts':
          "import { defineEndpoint } from 'postern'\nexport default defineEndpoint({ authorise: 'everyone', handler: () => 1 })",
      },
      /api\/a\.ts.*"authorise"/,
    ],
    [
      'a path of its own',
      {
        'api/a.ts':
          "import { defineEndpoint } from 'postern'\nexport default defineEndpoint({ path: '/b', handler: () => 1 })",
      },
      /take "path" out/,
    ],
  ]
  testRefused(rows)

  test('all that is wrong is told at once', async () => {
    await assert.rejects(
      siteHouse({
        'api/a.ts': 'export const a = 1',
        'api/b.ts': 'export const b = 1',
        'api/c.ts': 'export default () => 1',
      }),
      /api\/a\.ts:1[^]*api\/b\.ts:1/,
    )
  })
})
