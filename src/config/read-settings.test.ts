import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { describe, test } from 'node:test'
import { PosternError } from '../errors/postern-error.ts'
import { configFrom } from './config-file.ts'
import { settingsTable, shownSettings } from './describe-settings.ts'
import { readSettings, type SettingSources } from './read-settings.ts'
import { settingRows } from './setting-rows.ts'

const root = resolve('/srv/site')

describe('settings', () => {
  test('without a word from anyone, all have their defaults and the data folder is the site’s own', () => {
    const settings = readSettings({ root })
    assert.equal(settings.port, 4000)
    assert.equal(settings.host, '127.0.0.1')
    assert.equal(settings.isolation, 'thread')
    assert.equal(settings.dataDir, resolve(root, 'data'))
    assert.deepEqual(settings.thread, { stallLimit: 1000, heapLimit: 128 })
    assert.equal(settings.databaseUrl, undefined)
  })

  test('a flag beats the environment, which beats the file; an empty variable says nothing', () => {
    const file = configFrom('postern.config.ts', '', { port: 1, host: 'file', timeout: 5, thread: { heapLimit: 64 } })
    const env = { PORT: '2', HOST: 'env', POSTERN_THREAD_STALL_LIMIT: '50', POSTERN_TIMEOUT: '' }
    const settings = readSettings({ root, file, env, flags: { port: '3' } })
    assert.equal(settings.port, 3)
    assert.equal(settings.host, 'env')
    assert.equal(settings.timeout, 5)
    assert.deepEqual(settings.thread, { stallLimit: 50, heapLimit: 64 })
  })

  test('text becomes numbers, booleans and lists; nothing else is guessed', () => {
    const env = { POSTERN_TOKENS_QUERY: 'false', POSTERN_CORS_ORIGINS: 'https://a.example, https://b.example' }
    const settings = readSettings({ root, env })
    assert.equal(settings.tokens.query, false)
    assert.deepEqual(settings.cors.origins, ['https://a.example', 'https://b.example'])
    assert.match(complaintOf({ env: { POSTERN_TOKENS_QUERY: 'no' } }), /^POSTERN_TOKENS_QUERY: tokens\.query .*boolean/)
    assert.match(complaintOf({ env: { PORT: '0x10' } }), /^PORT: port .*number/)
  })

  const text =
    'export default defineConfig({\n  thraed: {},\n  thread: {\n    stalLimit: 5,\n    heapLimit: 2,\n  },\n})\n'
  const refused: [what: string, data: unknown, message: RegExp][] = [
    [
      'an unknown name, with the nearest',
      { thread: { stalLimit: 5 } },
      /config\.ts:4: thread\.stalLimit .*did you mean "stallLimit"/,
    ],
    [
      'a value that does not fit, with its line',
      { thread: { heapLimit: 2 } },
      /config\.ts:5: thread\.heapLimit too small.*16/,
    ],
    ['a file that exports no object', 7, /must export an object/],
    ['a list for an object', [], /must export an object/],
    ['cookies for every origin', { cors: { credentials: true } }, /cors\.credentials cannot be true/],
    [
      'an origin with a path',
      { cors: { origins: ['https://a.example/x'] } },
      /cors\.origins\.0 must be \* or an origin/,
    ],
    ['a database that is none of ours', { databaseUrl: 'mysql://x' }, /databaseUrl must begin with postgres/],
    ['a public address that is not http', { publicUrl: 'ftp://x.example' }, /publicUrl/],
    ['a port beyond all ports', { port: 65_536 }, /port too big/],
  ]
  for (const [what, data, message] of refused) {
    test(`refuses ${what}`, () => {
      assert.match(complaintOf({ file: configFrom('postern.config.ts', text, data) }), message)
    })
  }

  test('everything that is wrong is told at once', () => {
    const file = configFrom('postern.config.ts', text, { port: 'x', thread: { heapLimit: 2 } })
    assert.equal(complaintOf({ file }).split('\n').length, 2)
  })

  test('a password in a setting is not repeated in a refusal or shown', () => {
    assert.doesNotMatch(complaintOf({ env: { DATABASE_URL: 'mysql://u:hunter2@h/d' } }), /hunter2/)
    const shown = shownSettings(readSettings({ root, env: { DATABASE_URL: 'postgres://u:hunter2@h/d' } }))
    assert.deepEqual(
      shown.find(({ path }) => path === 'databaseUrl'),
      { path: 'databaseUrl', value: '(set)' },
    )
    assert.doesNotMatch(JSON.stringify(shown), /hunter2/)
  })

  test('no two settings share a variable or a flag, and the table tells of all', () => {
    const table = settingsTable()
    for (const names of [settingRows.map(({ env }) => env), settingRows.map(({ flag }) => flag)]) {
      const given = names.filter((name) => name !== undefined)
      assert.ok(given.length > 3)
      assert.equal(new Set(given).size, given.length)
    }
    for (const { path } of settingRows) assert.ok(table.includes(`| \`${path}\` |`), path)
  })
})

function complaintOf(sources: Omit<SettingSources, 'root'>): string {
  try {
    readSettings({ root, ...sources })
  } catch (error) {
    assert.ok(error instanceof PosternError && error.code === 'BAD_SETTING', String(error))
    return error.message
  }
  return assert.fail('nothing was refused')
}
