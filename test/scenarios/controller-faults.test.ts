import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openTestSite } from '../../src/testing/index.ts'
import { cardType, controller } from '../fixtures/controller-files.ts'
import { testRefused, type RefusedSite } from '../fixtures/refused-sites.ts'

describe('a controller that cannot be served stops the start, by name', () => {
  const rows: readonly RefusedSite[] = [
    ['no class', { 'api/controller.ts': 'export default {}' }, /api\/controller\.ts:1: .*extends ApiController/],
    ['a class of its own', { 'api/controller.ts': 'export default class {}' }, /extends ApiController/],
    [
      'api.protected not said',
      { ...controller(`endPoints = ['a']\na() {}`), 'postern.config.ts': 'export default {}' },
      /api\/controller\.ts:3: .*api\.protected/,
    ],
    [
      'an endpoint without a method',
      controller(`endPoints = ['friends', 'foes']\nfriends() {}`),
      /api\/controller\.ts:3: endPoints names "foes"/,
    ],
    ['a name the base class has', controller(`endPoints = ['setData']`), /"setData" cannot be the name/],
    ['a name from Object', controller(`endPoints = ['constructor']`), /"constructor" cannot be the name/],
    [
      'an allowed sub-path without a method',
      controller(`allowedObjectsUrlPath = { get: ['foo_bar'] }`),
      /allows GET "foo_bar", but the class has no method getObjectsFooBar/,
    ],
    ['a verb that is none', controller(`allowedObjectsUrlPath = { fetch: ['foo_bar'] }`), /"fetch", which is no verb/],
    [
      'a type that is none',
      { ...controller(`whitelistObjectTypes = ['crd']`), 'types/card.ts': cardType },
      /"crd".*did you mean "card"/,
    ],
    [
      'a rule for nothing',
      controller(`endPoints = ['friends']\nauthorize = { freinds: 'everyone' }\nfriends() {}`),
      /"freinds".*did you mean "friends"/,
    ],
    [
      'a rule that is none',
      controller(`endPoints = ['friends']\nauthorize = { friends: 'anyone' }\nfriends() {}`),
      /api\/controller\.ts:5: The rule of .*"anyone" is not a rule/,
    ],
    [
      'a constructor that throws',
      controller(`constructor() { super(); throw new Error('no database') }`),
      /no database/,
    ],
    [
      'config names without a class',
      { 'postern.config.ts': "export default { api: { endPoints: ['friends'] } }" },
      /there is no api\/controller\.ts/,
    ],
  ]
  testRefused(rows)
})

test('a name on the blacklist that nothing has is told with the one that was meant, which is still offered', async () => {
  const text = `endPoints = ['friends']\nblacklistEndPoints = ['auht', 'friends', 'objects', 'quite-other']\nfriends() {}`
  await using site = await openTestSite({ files: controller(text) })
  const told = site.house.problems().map(({ at, message }) => `${at.file}:${at.line} ${message}`)
  assert.deepEqual(told, [
    'api/controller.ts:4 blacklistEndPoints names "auht", which nothing is called; did you mean "auth"?',
  ])
  assert.equal((await site.request('GET', '/api/auth')).status, 401)
  assert.equal((await site.request('GET', '/api/objects')).status, 405)
})
