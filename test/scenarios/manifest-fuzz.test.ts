import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { buildRegistry } from '../../src/registry/build.ts'
import { ruleProblems } from '../../src/registry/rule-problems.ts'
import { manifest } from '../../src/registry/sources/manifest.ts'
import { siteOnDisk } from '../fixtures/site-on-disk.ts'

const code = `
  export function account(call, code) {} export const many = (call, ...rest) => 1
  export function hello() {} export function _hook() {}`
const member = { name: 'member', plural: 'members', fields: ['id', 'code'] }

const segment = fc.constantFrom(
  '',
  'x y',
  '{a b}',
  ...'members account many hello api get _hook constructor __proto__ . .. * :id {id} {code} {$x} {} {rest} {__proto__}'.split(
    ' ',
  ),
)
const segments = fc.array(segment, { maxLength: 5 })
const url = fc.oneof(
  segments.map((parts) => ['members', ...parts].join('/')),
  segments.map((parts) => parts.join('/')),
  fc.anything(),
)
const number = fc.oneof(fc.integer({ min: -1, max: 25 }), fc.anything())
const owned = fc.record({ column: fc.constantFrom('code', 'id', 'x', 3), segmentNum: number })
const rules = fc.record(
  {
    roles: fc.oneof(fc.array(fc.string()), fc.anything()),
    userIds: fc.oneof(fc.array(fc.oneof(fc.integer(), fc.string())), fc.anything()),
    userIdSegment: number,
    userCodeSegment: number,
    userOwnedSegment: owned,
  },
  { requiredKeys: [] },
)
const entry = fc.record(
  {
    url_segments: url,
    request_type: fc.oneof(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'get', 'FETCH'), fc.anything()),
    description: fc.oneof(fc.string(), fc.anything()),
    authorization: fc.oneof(fc.constant('*'), fc.anything(), rules),
    enableParams: fc.anything(),
    required_fields: fc.anything(),
    beforeHook: fc.constantFrom('_hook', 'nowhere', '', 'constructor', null),
    afterHook: fc.constantFrom('_hook', 'toString', 3),
  },
  { requiredKeys: [] },
)
const name = fc.constantFrom(
  'Get',
  'Get By Post',
  'Search',
  'Find One',
  'Update',
  'Destroy',
  'A',
  'B',
  'constructor',
  '',
)
const manifests = fc.dictionary(
  name,
  fc.oneof({ weight: 9, arbitrary: entry }, { weight: 1, arbitrary: fc.anything() }),
  { maxKeys: 6 },
)

test('whatever a manifest says, it is refused with a place, or served with rules that can be kept', async () => {
  using site = await siteOnDisk({ 'modules/members/members.ts': code }, { types: [member] })
  let served = 0
  const property = fc.asyncProperty(manifests, async (data) => {
    const text = JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    writeFileSync(join(site.root, 'modules/members/api.json'), text)
    const { definitions, problems } = await manifest.load(site)
    for (const { at, fatal } of problems) assert.ok(!fatal || at.line !== undefined, 'a problem without a line')
    if (problems.some((problem) => problem.fatal)) return
    served += definitions.length > 3 ? 1 : 0
    assert.deepEqual(ruleProblems(site, definitions, []), [])
    const records = definitions.map(({ record }) => record)
    assert.equal(buildRegistry(records).byId.size, records.length)
  })
  await fc.assert(property, { numRuns: 200 })
  assert.ok(served > 0, 'no manifest was served')
})
