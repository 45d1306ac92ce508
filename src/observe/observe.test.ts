import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { Counters } from './counters.ts'
import { describeThrown } from './describe-thrown.ts'
import { humanLog } from './human-log.ts'
import { jsonLog } from './json-log.ts'
import type { Observation } from './observation.ts'
import { Observer } from './observer.ts'
import { wantsColours } from './paint.ts'
import { redactFacts, redactSearch, redactText, redactUrl } from './redact.ts'

const done: Observation = {
  kind: 'request.done',
  id: 'r1',
  method: 'GET',
  path: '/api/custom',
  search: 'token=hunter2&test=a',
  status: 200,
  ms: 1.5,
  ip: '127.0.0.1',
}

describe('redaction', () => {
  const rows: [search: string, shown: string][] = [
    ['', ''],
    ['a=1&b=2', 'a=1&b=2'],
    ['token=s3', 'token=[redacted]'],
    ['a=1&access_token=s3&b=2', 'a=1&access_token=[redacted]&b=2'],
    ['%74oken=s3', '%74oken=[redacted]'],
    ['TOKEN=s3', 'TOKEN=[redacted]'],
    ['tok%65n=s3&q=caf%C3%A9', 'tok%65n=[redacted]&q=caf%C3%A9'],
    ['%E0%A4=s3', '%E0%A4=[redacted]'],
    ['new_password=s3', 'new_password=[redacted]'],
    ['token', 'token'],
    ['code=BBB', 'code=BBB'],
    ['state=NY', 'state=NY'],
    ['code=s3&state=s4&iss=x', 'code=[redacted]&state=[redacted]&iss=x'],
  ]
  for (const [search, shown] of rows)
    test(`shows ${search || 'nothing'} as it may`, () => assert.equal(redactSearch(search), shown))

  test('passwords in addresses and bearer tokens leave free text', () => {
    const text = redactText('postgres://u:hunter2@h/d failed; sent Authorization: Bearer abcdef123456')
    assert.doesNotMatch(text, /hunter2|abcdef/)
    assert.match(text, /postgres:\/\/u:/)
    const json = redactText(
      'it failed for {"x-api-key":"hunter2","name":"tom", "user_password" : "hunter3"}, token: none',
    )
    assert.equal(
      json,
      'it failed for {"x-api-key":"[redacted]","name":"tom", "user_password" : "[redacted]"}, token: none',
    )
  })

  test('secrets of our own leave the path too, and no long text makes it slow', () => {
    const own = `pat_${'a'.repeat(49)}`
    assert.equal(redactUrl(`/api/x_y/${own}`, `n=${own}`), '/api/x_y/pat_[redacted]?n=pat_[redacted]')
    const started = performance.now()
    for (const text of ['"token'.repeat(100_000), `"${'token'.repeat(100_000)}`]) redactText(text)
    assert.ok(performance.now() - started < 2_000)
  })

  test('a log line of the site keeps its text beside what the line is called', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-log-'))
    const sink = jsonLog({ level: 'info', to: join(folder, 'log') })
    const line = { kind: 'site.log', level: 'warn', message: 'the tap runs', requestId: 'r1', endpoint: 'e' } as const
    sink.note({ ...line, facts: { message: 'other' } })
    await sink.flush?.()
    const told: unknown = JSON.parse(readFileSync(join(folder, 'log'), 'utf8'))
    rmSync(folder, { recursive: true })
    assert.partialDeepStrictEqual(told, {
      level: 40,
      message: 'site.log',
      text: 'the tap runs',
      facts: { message: 'other' },
    })
  })

  test('people are told what the site threw, not the error it travelled in', () => {
    const said: string[] = []
    const to = new Writable({ write: (chunk, _encoding, done) => (said.push(String(chunk)), done()) })
    const cause = new Error('the cat ate it', { cause: new Error('it was hungry') })
    const thrown = Object.assign(new Error('Something went wrong on our side.', { cause }), { code: 'INTERNAL' })
    const failed = {
      kind: 'request.failed',
      id: 'r1',
      method: 'GET',
      path: '/a',
      code: 'INTERNAL',
      status: 500,
    } as const
    humanLog({ level: 'info', to, colours: false }).note({ ...failed, thrown })
    assert.match(said.join(''), /the cat ate it[\s\S]*caused by Error: it was hungry/)
    assert.doesNotMatch(said.join(''), /went wrong on our side/)
  })

  test('facts lose what is named like a secret, and no value can make it throw', () => {
    const cyclic: Record<string, unknown> = { password: 'x', deep: { apiKey: 'y', n: 1n } }
    cyclic['self'] = cyclic
    const text = JSON.stringify(redactFacts(cyclic))
    assert.doesNotMatch(text, /"x"|"y"/)
    const trap = Object.defineProperty({}, 'a', { enumerable: true, get: () => assert.fail('touched') })
    assert.equal(redactFacts(trap), '[unreadable]')
  })
})

describe('whatever is thrown can be described', () => {
  const proxy = new Proxy({}, { get: () => assert.fail('touched'), getPrototypeOf: () => assert.fail('touched') })
  const values = [null, undefined, 0, 1n, '', Symbol('s'), {}, [], () => 1, proxy, Object.create(null), cycle()]
  test('and never throws', () => {
    for (const value of values) assert.equal(typeof describeThrown(value).message, 'string')
  })
  test('with code and causes, to a depth', () => {
    const error = Object.assign(new Error('outer', { cause: new Error('inner') }), { code: 'E1' })
    const { message, code, cause } = describeThrown(error)
    assert.deepEqual([message, code, cause?.message], ['outer', 'E1', 'inner'])
  })
})

describe('sinks', () => {
  test('JSON lines hold the facts and no credential', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-log-'))
    const file = join(folder, 'log')
    const observer = new Observer([jsonLog({ level: 'info', to: file })])
    observer.note(done)
    observer.note({ ...done, kind: 'request.failed', code: 'INTERNAL', status: 500, thrown: new Error('boom') })
    observer.note({ ...done, kind: 'request.failed', code: 'NOT_FOUND', status: 404, thrown: null })
    await observer.flush()
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    rmSync(folder, { recursive: true })
    assert.equal(lines.length, 2, 'a 404 is no line at level info')
    const text = JSON.stringify(lines)
    assert.match(text, /request\.done/)
    assert.match(text, /"url":"\/api\/custom\?token=\[redacted\]&test=a"/)
    assert.match(text, /boom/)
    assert.doesNotMatch(text, /hunter2/)
  })

  test('lines for people have colours only where wanted, and the same words', () => {
    const plain = linesOf(false)
    const coloured = linesOf(true)
    assert.doesNotMatch(plain, /\u001B/)
    assert.match(coloured, /\u001B/)
    assert.equal(stripVTControlCharacters(coloured), plain)
    assert.match(plain, /200 GET \/api\/custom\?token=\[redacted\]&test=a 1\.5 ms/)
    assert.match(plain, /api\/a\.ts:3 Unexpected token/)
  })

  test('counters count by class, code and event, and are not fooled by what clients send', () => {
    const counters = new Counters()
    for (const status of [200, 204, 404, 500]) counters.note({ ...done, status, path: `/${status}` })
    counters.note({ ...done, kind: 'request.failed', code: 'NOT_FOUND', status: 404, thrown: null })
    counters.note({
      kind: 'thread.lost',
      fault: { kind: 'stall', endpoint: 'files:GET /api/spin', message: 'blocked' },
    })
    assert.deepEqual(counters.read(), {
      requests: 4,
      byClass: { '2xx': 2, '4xx': 1, '5xx': 1 },
      failures: { NOT_FOUND: 1 },
      events: { 'thread.lost': 1 },
      faults: { 'files:GET /api/spin': 1 },
    })
  })

  test('colours: a terminal wants them, a pipe does not, NO_COLOR decides', () => {
    assert.equal(wantsColours({ isTTY: true }, {}), true)
    assert.equal(wantsColours({}, {}), false)
    assert.equal(wantsColours({ isTTY: true }, { NO_COLOR: '1' }), false)
    assert.equal(wantsColours({}, { FORCE_COLOR: '1' }), true)
    assert.equal(wantsColours({}, { FORCE_COLOR: '1', NO_COLOR: '1' }), false)
  })
})

function linesOf(colours: boolean): string {
  let text = ''
  const to = new Writable({
    write(chunk, _encoding, next) {
      text += String(chunk)
      next()
    },
  })
  const sink = humanLog({ level: 'info', to, colours })
  sink.note(done)
  sink.note({
    kind: 'site.broken',
    problems: [{ code: 'BAD_SITE', message: 'Unexpected token', at: { file: 'api/a.ts', line: 3 } }],
  })
  return text.replaceAll(/\d\d:\d\d:\d\d/g, 'time')
}

describe('what happens seldom', () => {
  const rows: [seen: Observation, line: string][] = [
    [{ kind: 'server.stopping', reason: 'SIGINT', underWay: 1 }, 'stopping (SIGINT), 1 request under way'],
    [{ kind: 'server.stopped', ms: 14.98, cut: 0 }, 'stopped in 15 ms'],
    [{ kind: 'server.stopped', ms: 10_000.2, cut: 2 }, 'stopped in 10000 ms; 2 requests cut off'],
    [{ kind: 'circuit.closed', endpoint: 'GET /api/spin' }, 'GET /api/spin is switched on again'],
    [{ kind: 'store.mended', ms: 1203.4 }, 'the database takes writes again, after 1203 ms'],
    [{ kind: 'account.changed', event: 'token.revoked', subject: 'ci', by: 'ann' }, 'token.revoked ci, by ann'],
    [{ kind: 'types.migrated', file: '0001-a.ts', steps: ['a', 'b'], ms: 3.2 }, '0001-a.ts applied in 3 ms: a; b'],
    [{ kind: 'types.migrated', file: '0002-b.ts', steps: [], ms: 0.2 }, '0002-b.ts applied in 0 ms: it was so already'],
    [
      { kind: 'request.malformed', code: 'BAD_REQUEST', status: 400, ip: '10.0.0.1' },
      'what 10.0.0.1 sent is no HTTP: 400 BAD_REQUEST',
    ],
  ]
  for (const [seen, line] of rows)
    test(`is said in words: ${line}`, () => {
      let said = ''
      const to = new Writable({ write: (chunk: Buffer, _encoding, next) => ((said += chunk.toString()), next()) })
      humanLog({ level: 'debug', to, colours: false }).note(seen)
      assert.equal(said.replace(/^\S+ \S /, ''), `${line}\n`)
    })
})

function cycle(): object {
  const value: Record<string, unknown> = {}
  value['self'] = value
  return value
}
