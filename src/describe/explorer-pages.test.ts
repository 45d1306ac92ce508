import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { explorerPages, handOut } from './explorer-pages.ts'

const long = 'a'.repeat(5_000)

describe("the explorer's files", () => {
  test('lie under /explorer, with their type, their policy and how long they may be kept', async () => {
    await using folder = await built()
    const pages = explorerPages(folder.path)
    assert.deepEqual([...pages.keys()].toSorted(), ['/explorer', '/explorer/assets/page-x.js'])
    const [page, script] = [pages.get('/explorer'), pages.get('/explorer/assets/page-x.js')]
    assert.equal(page?.headers['cache-control'], 'no-cache')
    assert.match(script?.headers['cache-control'] ?? '', /immutable/)
    assert.equal(script?.headers['content-type'], 'text/javascript; charset=utf-8')
    for (const file of [page, script])
      assert.doesNotMatch(file?.headers['content-security-policy'] ?? 'unsafe-none', /unsafe|\*|https?:/)
  })

  test('are packed for who takes gzip, and as they are for others', async () => {
    await using folder = await built()
    const script = explorerPages(folder.path).get('/explorer/assets/page-x.js')
    assert.ok(script)
    const rows: [accepts: string | undefined, packed: boolean][] = [
      ['gzip, deflate, br', true],
      ['br;q=1.0, gzip;q=0.5', true],
      ['gzip;q=0', false],
      ['gzip;q=0.0, br', false],
      ['identity', false],
      [undefined, false],
    ]
    for (const [accepts, packed] of rows) {
      const { body, headers } = handOut(script, accepts)
      assert.equal(headers['content-encoding'], packed ? 'gzip' : undefined, accepts ?? 'nothing said')
      assert.equal(headers['vary'], 'accept-encoding')
      const sent = packed ? gunzipSync(body) : body
      assert.equal(new TextDecoder().decode(sent), long)
    }
  })

  test('say what to do where they were not built', () => {
    const pages = explorerPages(join(tmpdir(), 'there-is-no-such-folder'))
    assert.match(new TextDecoder().decode(pages.get('/explorer')?.body), /npm run build:web/)
  })
})

async function built(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'postern-pages-'))
  await mkdir(join(path, 'assets'))
  await writeFile(join(path, 'index.html'), '<!doctype html>')
  await writeFile(join(path, 'assets/page-x.js'), long)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}
