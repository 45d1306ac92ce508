import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { siteOnDisk } from '../../../test/fixtures/site-on-disk.ts'
import { files } from './files.ts'

describe('the files of a site', () => {
  test('each record knows its file and line, its verbs, its rule', async () => {
    using site = await siteOnDisk({
      'api/a.ts': '\n\nexport default () => 1\n// export function GET() {}\nexport async function POST() {}',
      'api/public/b.get.ts': 'const b = () => 2\nexport { b as default }',
    })
    const { definitions, problems } = await files.load(site)
    assert.deepEqual(problems, [])
    assert.deepEqual(
      definitions.map(({ record }) => [
        record.id,
        record.methods.join(),
        record.path,
        record.origin,
        record.rule,
        record.place,
      ]),
      [
        ['files:POST /api/a', 'POST', '/api/a', { file: 'api/a.ts', line: 5 }, 'token', 'site'],
        [
          'files:GET,PUT,PATCH,DELETE /api/a',
          'GET,PUT,PATCH,DELETE',
          '/api/a',
          { file: 'api/a.ts', line: 3 },
          'token',
          'site',
        ],
        [
          'files:GET /api/public/b',
          'GET',
          '/api/public/b',
          { file: 'api/public/b.get.ts', line: 2 },
          'everyone',
          'site',
        ],
      ],
    )
    assert.ok(definitions.every((definition) => Object.isFrozen(definition.record)))
  })

  test('the controller is not a file endpoint, and nothing is read outside api/', async () => {
    using site = await siteOnDisk({
      'api/controller.ts': 'throw 1',
      'other/a.ts': 'throw 2',
      'api.ts': 'throw 3',
      'api/readme.md': '#',
    })
    assert.deepEqual(await files.load(site), {
      definitions: [],
      hooks: [],
      whenFunctions: new Map(),
      problems: [],
      types: [],
      packages: [],
    })
  })

  test('links that lead out of the site are refused by name, those inside it are followed', async () => {
    using site = await siteOnDisk({
      'shared/hello.ts': `export default () => 'hello'`,
      'api/plain.ts': 'export default () => 1',
    })
    const outside = mkdtempSync(join(tmpdir(), 'postern-outside-'))
    writeFileSync(join(outside, 'canary.ts'), 'globalThis.canary = true\nexport default () => 1')
    await symlink(join(site.root, 'shared'), join(site.root, 'api/inside'))
    await symlink(join(outside, 'canary.ts'), join(site.root, 'api/canary.ts'))
    await symlink(outside, join(site.root, 'api/folder'))
    await symlink(join(site.root, 'api'), join(site.root, 'shared/back'))
    await symlink('/nowhere/at/all.ts', join(site.root, 'api/nowhere.ts'))
    const { definitions, problems } = await files.load(site)
    rmSync(outside, { recursive: true })
    assert.deepEqual(
      definitions.map(({ record }) => record.path),
      ['/api/inside/hello', '/api/plain'],
    )
    assert.deepEqual(
      problems.map(({ fatal, at, message }) => [fatal, at.file, message.replace(`${at.file} `, '')]),
      [
        [true, 'api/canary.ts', 'is a link that leads out of the site.'],
        [true, 'api/folder', 'is a link that leads out of the site.'],
        [true, 'api/inside/back', 'is a link that leads back to where it is.'],
        [true, 'api/nowhere.ts', 'is a link to nowhere.'],
      ],
    )
    assert.ok(!('canary' in globalThis), 'the file outside was loaded')
  })
})
