/** What the guide shows is built and asked; what it links to and calls is there. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Command } from '../../src/cli/command.ts'
import { commands } from '../../src/cli/commands.ts'
import { clientTypes } from '../../src/describe/client-types.ts'
import { openTestSite, type TestSite } from '../../src/testing/test-site.ts'
import { linkPackages } from '../browser/explorer-site.ts'
import { anchorsOf, readGuidePage, type GuideRequest } from './guide-page.ts'
import { readTree, root } from './source-tree.ts'

const run = promisify(execFile)
const pages = readTree('docs/guide/*.md', 'docs/reference/*.md', 'README.md', 'examples/*/README.md')
const guide = [...pages].filter(([path]) => path.startsWith('docs/guide/') || path === 'README.md')

describe('the guide', () => {
  for (const [path, markdown] of guide)
    test(`${path} tells the truth`, async () => {
      await using shown = new ShownSite()
      for (const step of readGuidePage(markdown).steps) {
        if ('file' in step) await shown.write(step.file, step.text)
        else if ('run' in step) await runProgram(await shown.open(), step.run, step.text)
        else for (const request of step.requests) await judge(await shown.open(), request)
      }
      // A file that nothing is asked of must at least be one that a site starts with; a test must pass.
      await shown.test()
    })

  test('shows something: requests, files and commands were seen, and no code that nobody would run', () => {
    const all = [...pages.values()].map((markdown) => readGuidePage(markdown))
    assert.ok(all.flatMap(({ steps }) => steps).some((step) => 'file' in step && isTest(step.file)))
    assert.ok(all.flatMap(({ steps }) => steps).length > 40)
    assert.ok(all.flatMap((page) => page.commands).length > 10)
    assert.ok(guide.length >= 10)
    assert.deepEqual(
      all.flatMap((page) => page.untested),
      [],
    )
  })

  test('quotes what the files of the project say', () => {
    const quotes = [...pages.values()].flatMap((markdown) => readGuidePage(markdown).quotes)
    assert.ok(quotes.length > 0)
    for (const { file, text } of quotes)
      assert.ok(readFileSync(join(root, file), 'utf8').includes(text), `${file}:\n${text}`)
  })

  test('calls only commands and flags that there are', async () => {
    for (const [path, markdown] of pages)
      for (const line of readGuidePage(markdown).commands)
        assert.equal(await faultOf(line), undefined, `${path}: ${line}`)
  })

  test('links only to pages and headings that there are', () => {
    const broken = [...pages].flatMap(([path, markdown]) =>
      readGuidePage(markdown)
        .links.filter((link) => !leadsSomewhere(path, link))
        .map((link) => `${path} → ${link}`),
    )
    assert.deepEqual(broken, [])
  })

  test('a planted lie is found: an answer, a command, a link', async () => {
    const page = readGuidePage(
      '```ts title=api/public/a.ts\nexport default () => 1\n```\n\n```http\nGET /api/public/a → 200\n2\n```\n',
    )
    await using shown = new ShownSite()
    const [file, asked] = page.steps
    assert.ok(file && 'file' in file && asked && 'requests' in asked)
    await shown.write(file.file, file.text)
    const site = await shown.open()
    for (const request of asked.requests) await assert.rejects(judge(site, request))
    assert.match((await faultOf('npx postern nothing')) ?? '', /no command/)
    assert.match((await faultOf('npx postern routes --nothing')) ?? '', /no flag/)
    assert.match((await faultOf('npx postern export somewhere')) ?? '', /it takes nothing/)
    assert.match((await faultOf('npx postern why GET')) ?? '', /it takes method, path/)
    assert.ok(!leadsSomewhere('docs/guide/README.md', 'rules.md#nothing'))
  })
})

/** The site of one page, as far as the page has told; opened when it is asked, anew when a file came. */
class ShownSite {
  readonly #files: Record<string, string> = {}
  #site: TestSite | undefined

  async write(file: string, text: string): Promise<void> {
    await this[Symbol.asyncDispose]()
    this.#files[file] = text
  }

  async open(): Promise<TestSite> {
    this.#site ??= await openTestSite({ files: this.#files })
    return this.#site
  }

  /** Opens the site as the page has left it, and runs the tests that are in it. */
  async test(): Promise<void> {
    const tests = Object.keys(this.#files).filter(isTest)
    if (Object.keys(this.#files).length === 0) return
    const site = await this.open()
    if (tests.length === 0) return
    linkPackages(site)
    site.write('package.json', '{ "type": "module" }')
    const { NODE_TEST_CONTEXT: _inner, ...env } = process.env
    const args = ['--conditions=postern-source', '--disable-warning=ExperimentalWarning', '--test', ...tests]
    const { stdout } = await run(process.execPath, args, { cwd: site.root, env }).catch(complain)
    assert.match(stdout, /pass [1-9]/)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#site?.close()
    this.#site = undefined
  }
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts')
}

async function judge(site: TestSite, { request, as, body, status, expected }: GuideRequest): Promise<void> {
  const [method = '', path = ''] = request.split(' ')
  const asking = { ...(body === undefined ? {} : { body }), ...(as === 'token' ? { token: await site.token() } : {}) }
  const answer = await callerOf(site, as).request(method, path, asking)
  assert.equal(answer.status, status, `${request}: ${answer.text.slice(0, 300)}`)
  if (expected === '') return
  if (!/^[[{]/.test(expected)) return assert.equal(answer.text, expected, request)
  assert.partialDeepStrictEqual(answer.body, JSON.parse(expected), request)
}

/** Compiles the program against the site's types and runs it, with the site's address and a token put in. */
async function runProgram(site: TestSite, file: string, text: string): Promise<void> {
  linkPackages(site)
  site.write('postern-site.ts', clientTypes(site.house.records()))
  site.write('package.json', '{ "type": "module" }')
  site.write(file, text.replace('https://example.org', site.url).replace('pat_…', await site.token()))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const flags =
    '--noEmit --strict --module nodenext --target es2024 --allowImportingTsExtensions --skipLibCheck --ignoreConfig'
  const types = [
    '--types',
    'node',
    '--typeRoots',
    join(root, 'node_modules/@types'),
    '--customConditions',
    'postern-source',
  ]
  const at = { cwd: site.root }
  await run(process.execPath, [compiler, ...flags.split(' '), ...types, file], at).catch(complain)
  await run(process.execPath, ['--conditions=postern-source', file], at).catch(complain)
}

function complain(thrown: { readonly stdout: string; readonly stderr: string }): never {
  throw new Error(thrown.stdout + thrown.stderr)
}

function callerOf(site: TestSite, as: string | undefined) {
  if (as === undefined || as === 'token') return site.anonymous()
  return as.startsWith('role:') ? site.asRole(as.slice('role:'.length)) : site.as(as)
}

/** What is wrong with a line that calls `postern`; lines that call something else are the reader's. */
async function faultOf(line: string): Promise<string | undefined> {
  const words = /^(?:npx )?postern (.*)$/.exec(line)?.[1]?.match(/'[^']*'|\S+/g)
  if (!words) return undefined
  const entry = commands.find(({ name }) => name === words.slice(0, 2).join(' ') || name === words[0])
  if (entry === undefined) return `there is no command ${words[0]}`
  const command = await entry.load()
  const { positionals, unknown } = readWords(words.slice(entry.name.split(' ').length), command)
  if (unknown !== undefined) return `there is no flag --${unknown}`
  const most = command.positionals ?? []
  const least = most.filter(({ optional }) => optional !== true)
  const fits = positionals.length >= least.length && positionals.length <= most.length
  return fits ? undefined : `it takes ${most.map(({ name }) => name).join(', ') || 'nothing'}`
}

function readWords(words: readonly string[], { options }: Command): { positionals: string[]; unknown?: string } {
  const positionals: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const option = options[word.slice('--'.length)]
    if (!word.startsWith('--')) positionals.push(word)
    else if (option === undefined) return { positionals, unknown: word.slice('--'.length) }
    else if (option.type === 'string') index++
  }
  return { positionals }
}

function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? from : join(dirname(from), path)
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || anchorsOf(readFileSync(join(root, target), 'utf8')).includes(anchor)
}
