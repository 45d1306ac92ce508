import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { firstAdminNote } from '../../src/cli/first-admin-note.ts'
import { openTestSite } from '../../src/testing/index.ts'
import { postern, startPostern, temporaryFolder, type Started } from './command-line.ts'

/** Generous: what the issue asks for is measured in bench/, on a quiet machine. */
const soon = 3_000

function makeSite(folder: string, files: Readonly<Record<string, string>> = {}): string {
  const all = {
    'api/public/hello.ts': "export default () => 'hello'\n",
    'postern.config.ts': 'export default {}\n',
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

async function addressOf(started: Started): Promise<string> {
  const said = await started.says(/http:\/\/127\.0\.0\.1:\d+/)
  return /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? ''
}

describe('starting and stopping', () => {
  for (const command of ['dev', 'start']) {
    test(`${command} says where it listens, answers, and ends at once with Ctrl-C`, async () => {
      using folder = temporaryFolder()
      const started = startPostern([command, '--site', makeSite(folder.path)])
      const address = await addressOf(started)
      assert.equal(await (await fetch(`${address}/api/public/hello`)).text(), 'hello')
      const asked = performance.now()
      started.process.kill('SIGINT')
      assert.equal(await started.ended, 0)
      assert.ok(performance.now() - asked < soon)
      await assert.rejects(fetch(`${address}/healthz`), 'nobody listens any more')
      assert.doesNotMatch(started.err(), /Error|Warning/)
    })
  }

  test('in production its log is JSON; while developing it is for people, and without colours in a pipe', async () => {
    using folder = temporaryFolder()
    const site = makeSite(folder.path)
    const production = startPostern(['start', '--site', site])
    await fetch(`${await addressOf(production)}/api/nowhere?token=hunter2`)
    production.process.kill('SIGTERM')
    assert.equal(await production.ended, 0)
    const lines = production
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.ok(
      lines.some((line) => line['message'] === 'request.done' && line['url'] === '/api/nowhere?token=[redacted]'),
    )
    const developing = startPostern(['dev', '--site', site])
    await fetch(`${await addressOf(developing)}/api/public/hello?token=hunter2`)
    developing.process.kill('SIGTERM')
    assert.equal(await developing.ended, 0)
    assert.match(developing.out(), /GET \/api\/public\/hello\?token=\[redacted\]/)
    assert.doesNotMatch(developing.out() + production.out(), /hunter2/)
    assert.doesNotMatch(developing.out(), /\u001B/)
  })

  test("Node's fetch is not loaded by starting and answering: it costs 50 ms and 19 MB", async () => {
    using folder = temporaryFolder()
    const report = `process.on('exit', () => console.error('fetch:' + process.moduleLoadList.some((name) => name.includes('undici'))))`
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(report)}` }
    const started = startPostern(['start', '--site', makeSite(folder.path)], { env })
    assert.equal(await (await fetch(`${await addressOf(started)}/api/public/hello`)).text(), 'hello')
    started.process.kill('SIGTERM')
    assert.equal(await started.ended, 0)
    assert.match(started.err(), /fetch:false/)
  })

  test('what is under way when it is asked to stop is answered; a second signal does not wait', async () => {
    using folder = temporaryFolder()
    const slow = "export default () => new Promise((resolve) => setTimeout(resolve, 1_000, 'slow'))\n"
    const site = makeSite(folder.path, {
      'api/public/slow.ts': slow,
      'api/public/stuck.ts': 'export default () => new Promise(() => {})\n',
    })
    const patient = startPostern(['start', '--site', site])
    const address = await addressOf(patient)
    const under = fetch(`${address}/api/public/slow`)
    await new Promise((resolve) => setTimeout(resolve, 300))
    patient.process.kill('SIGTERM')
    const answer = await under
    assert.equal(await answer.text(), 'slow')
    assert.equal(answer.headers.get('connection'), 'close')
    assert.equal(await patient.ended, 0)

    const forced = startPostern(['start', '--site', site])
    const stuck = fetch(`${await addressOf(forced)}/api/public/stuck`).catch(() => 'cut')
    await new Promise((resolve) => setTimeout(resolve, 300))
    forced.process.kill('SIGTERM')
    await new Promise((resolve) => setTimeout(resolve, 600))
    assert.equal(forced.process.exitCode, null, 'it waits for what is under way')
    forced.process.kill('SIGTERM')
    assert.equal(await forced.ended, null, 'ended by a signal')
    assert.equal(await stuck, 'cut')
  })

  test('a taken port is one clear message', async () => {
    using folder = temporaryFolder()
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { code, err } = await postern(['start', '--site', makeSite(folder.path), '--port', String(port)])
    other.close()
    assert.equal(code, 1)
    assert.match(err, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use`))
    assert.match(err, /\[PORT_TAKEN\]/)
    assert.doesNotMatch(err, /at \w+ \(|EADDRINUSE/)
  })

  test('a data folder that cannot be written is one clear message', async () => {
    using folder = temporaryFolder()
    const site = makeSite(folder.path, { occupied: 'a file' })
    for (const command of ['start', 'dev', 'routes']) {
      const { code, err } = await postern([command, '--site', site, '--data-dir', join(site, 'occupied', 'data')])
      assert.equal(code, 1)
      assert.match(err, /\[BAD_DATA_DIR\]/)
      assert.doesNotMatch(err, /at \w+ \(/)
    }
  })

  const broken: [what: string, files: Record<string, string>, message: RegExp][] = [
    [
      'a setting that is none',
      { 'postern.config.ts': 'export default {\n  prot: 4000,\n}\n' },
      /^The site cannot be started: postern\.config\.ts:2: prot is not a setting; did you mean "port"\?\n.*\n> 2 \|   prot: 4000,\n(?:.*\n)+Mend the setting named in the message\. \[BAD_SITE\]\n$/m,
    ],
    [
      'a setting that does not fit',
      { 'postern.config.ts': "export default {\n\n  timeout: 'long',\n}\n" },
      /postern\.config\.ts:3.*timeout/,
    ],
    [
      'a config that is not TypeScript',
      { 'postern.config.ts': 'export default {\n  port: \n}\n' },
      /postern\.config\.ts:3:1.*\n.*\n.*\n> 3 \| \}\n/,
    ],
    [
      'a config that throws',
      { 'postern.config.ts': "throw new Error('not today')\n" },
      /postern\.config\.ts.*not today/,
    ],
    [
      'an endpoint that is not TypeScript',
      { 'api/public/bad.ts': 'export default () => {\n  return (\n}\n' },
      /api\/public\/bad\.ts:\d/,
    ],
    [
      'an endpoint that imports what is not there',
      { 'api/public/bad.ts': "import './nowhere.ts'\nexport default () => 1\n" },
      /api\/public\/bad\.ts.*nowhere/,
    ],
    [
      'two claims on one path',
      { 'api/public/hello.get.ts': "export default () => 'other'\n" },
      /hello\.ts[\s\S]*hello\.get\.ts|hello\.get\.ts[\s\S]*hello\.ts/,
    ],
  ]
  for (const [what, files, message] of broken) {
    test(`${what}: one message with file and line, exit code 1, and nothing listens`, async () => {
      using folder = temporaryFolder()
      const { code, out, err } = await postern(['start', '--site', makeSite(folder.path, files)])
      assert.equal(code, 1)
      assert.match(err, message)
      assert.match(err, /\[(BAD_SITE|BAD_SETTING|ENDPOINT_CONFLICT)\]/)
      assert.doesNotMatch(err, /at \w+ \(|node:internal/)
      assert.doesNotMatch(out, /listening/)
    })
  }
})

test('a setting in the environment that does not fit is told by its own name', async () => {
  using folder = temporaryFolder()
  const { code, err } = await postern(['start', '--site', makeSite(folder.path)], { env: { POSTERN_TIMEOUT: 'long' } })
  assert.equal(code, 1)
  assert.match(err, /^The site cannot be started: POSTERN_TIMEOUT: timeout /)
})

test('whoever starts a site is asked for its first administrator only where people can sign in', async () => {
  for (const [blacklisted, notes] of [
    ['objects', 1],
    ['auth', 0],
  ] as const) {
    await using site = await openTestSite({ settings: { api: { blacklistEndPoints: [blacklisted] } } })
    assert.equal((await firstAdminNote(site.house)).length, notes)
  }
})

describe('a site that changes, and one that misbehaves', () => {
  test('a broken file shows in the terminal with its place, the last good one serves until it is mended', async () => {
    using folder = temporaryFolder()
    const site = makeSite(folder.path)
    const file = join(site, 'api/public/hello.ts')
    const started = startPostern(['dev', '--site', site])
    const address = await addressOf(started)
    const hello = async (): Promise<string> => (await fetch(`${address}/api/public/hello`)).text()
    writeFileSync(file, 'export default () => {\n  return (\n}\n')
    const said = await started.says(/the last good one goes on serving/)
    assert.match(said, /api\/public\/hello\.ts:\d/)
    assert.equal(await hello(), 'hello')
    writeFileSync(file, "export default () => 'mended'\n")
    await started.says(/site swapped/)
    assert.equal(await hello(), 'mended')
    started.process.kill('SIGINT')
    assert.equal(await started.ended, 0)
  })

  test('an endpoint that never lets go is cut short, named in the log, and named by doctor afterwards', async () => {
    using folder = temporaryFolder()
    const site = makeSite(folder.path, { 'api/public/spin.ts': 'export default () => { for (;;); }\n' })
    const started = startPostern(['start', '--site', site])
    const address = await addressOf(started)
    const spun = await fetch(`${address}/api/public/spin`)
    assert.equal(spun.status, 503)
    assert.equal(await (await fetch(`${address}/api/public/hello`)).text(), 'hello')
    started.process.kill('SIGTERM')
    assert.equal(await started.ended, 0)
    assert.match(started.out(), /"thread\.lost"/)
    const { code, out } = await postern(['doctor', '--site', site])
    assert.equal(code, 0)
    assert.match(out, /! files:\/api\/public\/spin brought the site's thread down/)
  })
})

describe('a new site fills itself once', () => {
  const seed = `
    import { defineSeed } from 'postern'
    export default defineSeed(async ({ content, accounts, importFile, progress, note }) => {
      const bar = progress('notes', 2)
      await content.create('note', { code: 'a', title: 'A', status: 'on' })
      bar.tick()
      bar.done()
      const made = await importFile('notes.ndjson', { type: 'note', fields: ({ code }) => (code === 'skip' ? undefined : { code, title: String(code), status: 'on' }) })
      const { token } = await accounts.createToken({ name: 'demo' })
      note(made + ' imported; curl {address}/api/public/count # ' + token)
    })\n`
  const type = `
    import { allow, defineType, field } from 'postern'
    export default defineType({ name: 'note', fields: { code: field.text({ unique: true }) }, rules: { read: allow.everyone, create: allow.user } })\n`
  const count = "export default async ({ content }) => (await content.list('note')).paging.total\n"
  const files = {
    'seed.ts': seed,
    'types/note.ts': type,
    'api/public/count.ts': count,
    'notes.ndjson': '{"code":"b"}\n{"code":"skip"}\n{"code":"c"}\n',
  }

  test('its notes stand below the addresses, what it made is there, and the second start is silent', async () => {
    using folder = temporaryFolder()
    const site = makeSite(folder.path, files)
    const first = startPostern(['dev', '--site', site])
    const address = await addressOf(first)
    const said = await first.says(/Ctrl-C/)
    assert.match(said, /2 imported; curl http:\/\/127\.0\.0\.1:\d+\/api\/public\/count # \S+/)
    assert.match(said, /notes: 1 of 2/, 'plain lines in a pipe')
    assert.doesNotMatch(said, /[\u001B\r█]/)
    assert.equal(await (await fetch(`${address}/api/public/count`)).text(), '3')
    first.process.kill('SIGINT')
    assert.equal(await first.ended, 0)
    const second = startPostern(['dev', '--site', site])
    assert.doesNotMatch(await second.says(/Ctrl-C/), /imported|filling/)
    assert.equal(await (await fetch(`${await addressOf(second)}/api/public/count`)).text(), '3')
    second.process.kill('SIGINT')
    assert.equal(await second.ended, 0)
  })

  test('one that fails leaves the site as new as it was, and says where', async () => {
    using folder = temporaryFolder()
    const site = makeSite(folder.path, files)
    for (const [notes, said] of [
      ['{"code":"b"}\n{"code":"a"}\n', /notes\.ndjson:2 cannot be imported/],
      ['{"code":"b"}\n{"code":\n', /notes\.ndjson:2 is not JSON/],
    ] as const) {
      writeFileSync(join(site, 'notes.ndjson'), notes)
      const { code, err } = await postern(['dev', '--site', site])
      assert.equal(code, 1)
      assert.match(err, said)
      assert.ok(!existsSync(join(site, 'data')) && !existsSync(join(site, 'data.new')))
    }
    writeFileSync(join(site, 'notes.ndjson'), '{"code":"b"}\n{"code":"z"}\n')
    const again = startPostern(['dev', '--site', site])
    await again.says(/2 imported/)
    again.process.kill('SIGINT')
    assert.equal(await again.ended, 0)
  })
})
