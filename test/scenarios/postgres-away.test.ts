import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { z } from 'zod'
import { startCluster } from '../postgres/cluster.ts'
import { postern, startPostern, temporaryFolder } from './command-line.ts'

const folder = temporaryFolder()
after(() => folder[Symbol.dispose]())

const files = {
  'types/card.ts': `import { allow, defineType, field } from 'postern'
export default defineType({ name: 'card', fields: { name: field.text({ required: true }) }, rules: { read: allow.everyone, create: allow.user } })`,
  'api/controller.ts': `import { ApiController } from 'postern'
export default class Site extends ApiController { whitelistObjectTypes = ['card'] }`,
  'api/public/count.ts': `export const GET = async (call) => (await call.content.list('card')).paging.total`,
  'postern.config.ts': `export default { api: { protected: false } }`,
}

/** A whole server in a process of its own, with a whole PostgreSQL that goes and comes. */
test(
  'R07 a served site says 503 while PostgreSQL is away, and serves by itself when it is back',
  { timeout: 90_000 },
  async () => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder.path, file)), { recursive: true })
      writeFileSync(join(folder.path, file), text)
    }
    const cluster = await startCluster({ durable: false })
    const env = { DATABASE_URL: cluster.url }
    const server = startPostern(['start', '--site', folder.path], { env })
    try {
      const said = await server.says(/http:\/\/127\.0\.0\.1:\d+/)
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? ''
      const site = ['--site', folder.path]
      await postern(['user', 'create', 'ann', '--password-stdin', ...site], { env, input: 'a long enough password' })
      const made = await postern(['token', 'create', '--name', 'a', '--user', 'ann', '--json', ...site], { env })
      const { token } = z.object({ token: z.string() }).parse(JSON.parse(made.out))
      const create = (name: string): Promise<Answer> => ask(`${url}/api/objects`, { token, name })

      assert.equal((await create('before')).status, 201)
      assert.equal((await ask(`${url}/api/cards`)).status, 200)
      assert.equal((await ask(`${url}/api/public/count`)).text, '1', "a site's own code reads it too")

      await cluster.stop()
      for (const asking of [
        () => ask(`${url}/api/cards`),
        () => create('never'),
        () => ask(`${url}/api/public/count`),
      ]) {
        const answer = await asking()
        assert.deepEqual([answer.status, answer.code, answer.retryAfter], [503, 'UNAVAILABLE', '1'], answer.text)
        assert.ok(answer.milliseconds < 4_000, `answered after ${answer.milliseconds} ms`)
        assert.doesNotMatch(answer.text, /ECONNREFUSED|postgres|127\.0\.0\.1:/, 'nothing of the inside is told')
      }
      assert.equal((await ask(`${url}/healthz`)).status, 200, 'it lives')

      await cluster.start()
      const back = performance.now()
      while ((await ask(`${url}/api/cards`)).status !== 200 || (await create('after')).status !== 201) {
        assert.ok(performance.now() - back < 10_000, 'it comes back by itself')
      }
      const cards = await ask(`${url}/api/cards`)
      assert.doesNotMatch(cards.text, /never/)
      assert.match(cards.text, /before/)
      assert.match(cards.text, /after/)
    } finally {
      server.process.kill('SIGTERM')
      await server.ended
      await cluster.remove()
    }
  },
)

interface Answer {
  readonly status: number
  readonly text: string
  readonly code: unknown
  readonly retryAfter: string | null
  readonly milliseconds: number
}

async function ask(url: string, making?: { readonly token: string; readonly name: string }): Promise<Answer> {
  const begun = performance.now()
  const response = await fetch(
    url,
    making === undefined
      ? {}
      : {
          method: 'POST',
          headers: { authorization: `Bearer ${making.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ object_type: 'card', name: making.name }),
        },
  )
  const text = await response.text()
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true
  const code = isProblem ? z.object({ code: z.string() }).parse(JSON.parse(text)).code : undefined
  const retryAfter = response.headers.get('retry-after')
  return { status: response.status, text, code, retryAfter, milliseconds: performance.now() - begun }
}
