/** Starts the museum as `npm start` does, in a folder of its own, and runs every curl line of its README. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

interface Line {
  readonly curl: string
  /** Text that the answer holds. */
  readonly answer: string
}

const root = join(import.meta.dirname, '..', '..')
const lines = curlLines(readFileSync(join(import.meta.dirname, 'README.md'), 'utf8'))

describe('the museum', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'postern-museum-'))
  let child: ChildProcess | undefined
  let said = ''
  let address = ''
  before(async () => {
    child = spawn(
      process.execPath,
      [join(root, 'bin', 'postern.js'), 'dev', '--site', import.meta.dirname, '--port', '0'],
      {
        env: { ...process.env, DATA_DIR: dataDir, NO_COLOR: '1' },
      },
    )
    said = await saidUntil(child, 'Ctrl-C stops')
    address = /API +(http:\/\/[^/\s]+)/.exec(said)?.[1] ?? ''
  })
  after(async () => {
    if (child?.exitCode === null) await new Promise((resolve) => child?.once('exit', resolve).kill('SIGINT'))
    rmSync(dataDir, { recursive: true, force: true })
  })

  test('the first start imports everything and says where it is', () => {
    assert.match(said, /artworks: 3000/)
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/, said)
  })

  test('the README has lines to run', () => assert.ok(lines.length > 20, `${lines.length} lines`))

  for (const line of lines) {
    test(line.curl, async () => {
      const text = await run(line.curl.replaceAll('http://127.0.0.1:4000', address), tokens(said))
      assert.ok(text.includes(line.answer), `${text.slice(0, 600)}\n… does not hold ${line.answer}`)
    })
  }

  test('the lines that the first start prints work too', async () => {
    const printed = said.split('\n').filter((text) => text.trim().startsWith('curl '))
    assert.ok(printed.length >= 4, said)
    for (const text of printed) assert.doesNotMatch(await run(text.trim(), {}), /"status":[45]/, text)
  })

  test('a member does not see the other membership in any list', async () => {
    const text = await run(
      `curl -H "Authorization: Bearer $TOM" '${address}/api/objects?filter[object_type]=member'`,
      tokens(said),
    )
    assert.match(text, /"code":"AAA"/)
    assert.doesNotMatch(text, /"code":"BBB"/)
  })
})

/** Each curl line of a shell block, with the comment after it. */
function curlLines(markdown: string): Line[] {
  return [...markdown.matchAll(/^(curl .+)\n# (.+)$/gm)].map(([, curl = '', answer = '']) => ({ curl, answer }))
}

function tokens(text: string): Record<string, string> {
  const token = (name: string): string => new RegExp(`^ +${name} \\(.*?\\) +(\\S+)$`, 'm').exec(text)?.[1] ?? ''
  return { DEMO: token('demo'), TOM: token('tom'), ANN: token('ann') }
}

/** What curl would do with the few flags that are used here, so that a machine without curl can tell too. */
async function run(line: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, plain, open, bare]) => {
    return plain ?? (open ?? bare ?? '').replaceAll(/\$([A-Z]+)/g, (_, name: string) => variables[name] ?? '')
  })
  const headers: Record<string, string> = {}
  const request: { method: string; url: string; body: string | null } = { method: 'GET', url: '', body: null }
  for (let index = 1; index < words.length; index += 1) {
    const [word = '', value = ''] = [words[index], words[index + 1]]
    if (word === '-X') request.method = value
    else if (word === '-d') request.body = value
    else if (word === '-H') headers[value.slice(0, value.indexOf(':'))] = value.slice(value.indexOf(':') + 2)
    else if (word.startsWith('http')) request.url = word
    else if (word !== '-g') throw new Error(`The test does not know ${word}.`)
    if (/^-[XdH]$/.test(word)) index += 1
  }
  const response = await fetch(request.url, { method: request.method, headers, body: request.body })
  return response.text()
}

function saidUntil(child: ChildProcess, end: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  const listen = (chunk: Buffer): void => {
    said += chunk.toString('utf8')
    if (said.includes(end)) resolve(said)
  }
  child.stdout?.on('data', listen)
  child.stderr?.on('data', listen)
  child.on('exit', (code) => reject(new Error(`The museum ended with ${code}:\n${said}`)))
  return promise
}
