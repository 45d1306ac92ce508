import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { z } from 'zod'
import { createTestDatabase } from '../postgres/test-database.ts'
import { postern, startPostern, temporaryFolder } from './command-line.ts'

const folder = temporaryFolder()
after(() => folder[Symbol.dispose]())

for (const name of ['SQLite', 'PostgreSQL']) {
  test(`a site on ${name} is backed up and restored while it serves`, { timeout: 90_000 }, async () => {
    const site = join(folder.path, name)
    mkdirSync(join(site, 'api', 'public'), { recursive: true })
    writeFileSync(join(site, 'api', 'public', 'hello.ts'), "export default () => 'hello'\n")
    await using database = name === 'PostgreSQL' ? await createTestDatabase() : undefined
    const env: Record<string, string> = database === undefined ? {} : { DATABASE_URL: database.url }
    const run = (line: string) =>
      postern([...line.split(' '), '--site', site], { env, input: 'a long enough password' })
    const users = async (): Promise<string[]> => {
      const { code, out, err } = await run('user list --json')
      assert.equal(code, 0, err)
      return z
        .array(z.object({ name: z.string() }))
        .parse(JSON.parse(out))
        .map((user) => user.name)
    }
    const server = startPostern(['start', '--site', site], { env })
    try {
      const said = await server.says(/http:\/\/[\d.]+:\d+/)
      const url = /http:\/\/[\d.]+:\d+/.exec(said)?.[0] ?? ''
      assert.equal((await run('user create ann --password-stdin')).code, 0)

      const file = join(folder.path, `${name}.backup`)
      const made = await run(`backup ${file}`)
      assert.equal(made.code, 0, made.err)
      assert.match(made.out, /MB/)
      assert.ok(existsSync(file))
      const again = await run(`backup ${file}`)
      assert.equal(again.code, 1)
      assert.match(again.err, /exists already/)
      assert.equal((await run('user create tom --password-stdin')).code, 0)
      assert.deepEqual((await users()).toSorted(), ['ann', 'tom'])

      const put = await run(`restore ${file} --json`)
      assert.equal(put.code, 0, put.err)
      assert.deepEqual(await users(), ['ann'])
      const { kept } = z.object({ kept: z.string() }).parse(JSON.parse(put.out))
      assert.equal((await run(`restore ${kept}`)).code, 0)
      assert.deepEqual((await users()).toSorted(), ['ann', 'tom'])
      assert.equal(await (await fetch(`${url}/api/public/hello`)).text(), 'hello', 'it served all the while')

      const bad = join(folder.path, 'bad')
      writeFileSync(bad, 'no backup')
      const refused = await run(`restore ${bad}`)
      assert.equal(refused.code, 1)
      assert.match(refused.err, /nothing was changed/)
      assert.equal((await users()).length, 2)
      assert.deepEqual(
        readdirSync(folder.path).filter((found) => found.endsWith('.part')),
        [],
      )
    } finally {
      server.process.kill('SIGTERM')
      await server.ended
    }
  })
}
