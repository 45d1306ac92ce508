import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'otplib'
import { makeFolder } from '../../src/testing/site-folder.ts'
import { makeCaller, type Asking, type TestAnswer } from '../../src/testing/test-caller.ts'
import { startPostern, type Started } from '../scenarios/command-line.ts'
import { canarySite } from './canary-site.ts'

export interface Sweep {
  readonly format: LogFormat
  readonly requests: number
  readonly secrets: number
  /** Everything that the server printed, on both streams. */
  readonly printed: string
  /** Secrets that were found in it, each with the line. */
  readonly hits: readonly string[]
  /** Statuses that were answered, so that one can see that the sweep got everywhere. */
  readonly statuses: ReadonlySet<number>
}

export type LogFormat = 'json' | 'pretty'

/**
 * Starts a real server that logs all it can, sends it secrets in every place where one can be sent, lets it make those of
 * its own, stops it, and looks for any of them in everything that it printed.
 */
export async function sweepLogs(format: LogFormat): Promise<Sweep> {
  const folder = makeFolder({ files: canarySite })
  const env = { DATA_DIR: folder.dataDir, LOG_LEVEL: 'trace', POSTERN_LOG_FORMAT: format, POSTERN_LOG_REQUESTS: 'all' }
  const server = startPostern(['start', '--site', folder.root], { env })
  try {
    const visit = new Visit(await portOf(server), firstLinkIn(await server.says(/link=pl_/)))
    await visit.everywhere()
    await visit.people()
    for (const secret of keptSecrets(folder.dataDir)) visit.secrets.add(secret)
    server.process.kill('SIGTERM')
    await server.ended
    const printed = server.out() + server.err() + (await printedWithoutDatabase(folder.root, visit))
    const { secrets, requests, statuses } = visit
    return { format, requests, secrets: secrets.size, printed, hits: hitsIn(printed, visit), statuses }
  } finally {
    server.process.kill('SIGKILL')
    folder.remove()
  }
}

/** Those who ask, and every secret that went in or came out. */
class Visit {
  readonly secrets = new Set<string>()
  readonly statuses = new Set<number>()
  /** The one secret that is printed on purpose, for whoever started the server. */
  readonly firstLink: string
  readonly #request: ReturnType<typeof makeCaller>['request']
  requests = 0

  constructor(port: number, firstLink: string) {
    this.firstLink = firstLink
    this.#request = makeCaller(() => port).request
  }

  canary(): string {
    const secret = `canary-${randomBytes(9).toString('hex')}`
    this.secrets.add(secret)
    return secret
  }

  /** Whatever looks like a secret of the server's own in an answer is one. */
  async ask(request: string, asking: Asking = {}): Promise<TestAnswer> {
    const [method = '', path = ''] = request.split(' ')
    const answer = await this.#request(method, path, asking)
    this.requests++
    this.statuses.add(answer.status)
    const said = `${answer.text} ${JSON.stringify(answer.headers)}`
    for (const [secret] of said.matchAll(ownSecret)) this.secrets.add(secret)
    return answer
  }

  async everywhere(): Promise<void> {
    for (const path of paths) {
      for (const name of queryNames) await this.ask(`GET ${path}?${name}=${this.canary()}`)
      for (const header of headerNames) await this.ask(`GET ${path}`, { headers: { [header]: this.canary() } })
      await this.ask(`GET ${path}`, { token: this.canary() })
      await this.ask(`GET ${path}`, { headers: { authorization: `Basic ${this.canary()}` } })
      await this.ask(`GET ${path}`, { headers: { cookie: `postern=${this.canary()}; other=${this.canary()}` } })
      await this.ask(`POST ${path}`, { body: { password: this.canary(), token: this.canary(), bearer: this.canary() } })
      await this.ask(`POST ${path}`, {
        body: `{"password":"${this.canary()}"`,
        headers: { 'content-type': 'application/json' },
      })
      await this.ask(`GET ${path}/${this.made('pat_')}?x=${this.made('psa_')}`)
    }
  }

  /** An administrator and a member sign in, fail to, refresh, make tokens, change and forget passwords. */
  async people(): Promise<void> {
    const [password, next] = [this.canary(), this.canary()]
    const link = this.firstLink
    await this.ask('POST /api/auth/first-admin', { body: { link, name: 'root', email: 'root@site.test', password } })
    await this.ask('POST /api/auth/register', {
      body: { name: 'tom', email: 'tom@site.test', password: this.canary() },
    })
    await this.ask('POST /api/auth', { body: { username: 'root', password: this.canary() } })
    await this.ask('POST /api/auth', { body: { username: 'root', password: this.canary(), cookie: true } })
    const keys = dataOf(await this.ask('POST /api/auth', { body: { username: 'root', password } }))
    const token = String(keys['access_token'])
    const refresh = String(keys['refresh_token'])
    for (const asking of [{}, { token }]) {
      for (const request of [
        'GET /api/me',
        'GET /api/members',
        'GET /api/auth/users',
        'GET /api/audit',
        'POST /api/me/factor',
      ])
        await this.ask(request, request.startsWith('POST') ? { ...asking, body: { password } } : asking)
    }
    const factor = dataOf(await this.ask('POST /api/me/factor', { token, body: {} }))
    if (typeof factor['secret'] === 'string') this.secrets.add(factor['secret'])
    await this.ask('POST /api/tokens', { token, body: { name: 'machine' } })
    await this.ask('POST /api/objects', { token, body: { object_type: 'letter', title: 'x', password: this.canary() } })
    await this.ask('POST /api/auth/refresh', { body: { refresh_token: refresh } })
    await this.ask('POST /api/auth/refresh', { body: { refresh_token: refresh } })
    await this.ask('POST /api/auth/forgotten', { body: { email: 'root@site.test' } })
    await this.ask('POST /api/auth', { body: { username: 'root', password, cookie: true } })
    await this.ask('POST /api/me/password', { token, body: { password, new_password: next } })
    await this.recoveryCodes({ token, password: next, secret: String(factor['secret']) })
    await this.ask(`GET /api/auth/reset?link=${this.made('pl_')}`)
    await this.ask(`GET /api/auth/oidc/none/callback?code=${this.canary()}&state=${this.canary()}`)
  }

  async recoveryCodes(of: {
    readonly token: string
    readonly password: string
    readonly secret: string
  }): Promise<void> {
    const { token, password, secret } = of
    const body = { secret, code: await generate({ secret }), password }
    const given = dataOf(await this.ask('PUT /api/me/factor', { token, body }))['recovery_codes']
    const codes = Array.isArray(given) ? given.map(String) : []
    if (codes.length === 0) throw new Error('The second factor was not put in force, so there is no code to look for.')
    for (const code of codes) this.secrets.add(code)
    for (const code of [codes[0], codes[0], this.canary().slice(0, 20)])
      await this.ask('POST /api/auth', { body: { username: 'root', password, code } })
  }

  /** In the form of the server's own secrets, though it never made it. */
  made(kind: string): string {
    const secret = `${kind}${randomBytes(36).toString('base64url')}x`
    this.secrets.add(secret)
    return secret
  }
}

const ownSecret = /(?:pat_|psa_|psr_|psc_|psd_|pl_)[\w-]{49}/g
const paths = ['/api/public/careless', '/api/public/throws', '/api/members', '/api/objects', '/api/auth', '/nowhere']
const queryNames = [
  'token',
  'access_token',
  'password',
  'api_key',
  'apiKey',
  'secret',
  'signature',
  'Authorization',
  '%74oken',
  'a[token]',
]
const headerNames = ['x-api-token', 'x-api-key', 'proxy-authorization', 'x-access-token', 'x-amz-security-token']

async function portOf(server: Started): Promise<number> {
  const said = await server.says(/listening on|server\.started/)
  const port = /(?:listening on |"address":")http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]
  if (port === undefined) throw new Error(`The server did not say where it listens:\n${said}`)
  return Number(port)
}

function firstLinkIn(said: string): string {
  return ownSecretsIn(said).at(-1) ?? ''
}

function ownSecretsIn(text: string): string[] {
  return text.match(ownSecret) ?? []
}

function dataOf({ body }: TestAnswer): Readonly<Record<string, unknown>> {
  return (body as { readonly data?: Readonly<Record<string, unknown>> }).data ?? {}
}

/** What the server wrote for its own use: the site's secret, and the links in mails. */
function keptSecrets(dataDir: string): readonly string[] {
  const mails = join(dataDir, 'mails')
  const links = existsSync(mails) ? readdirSync(mails).map((name) => readFileSync(join(mails, name), 'utf8')) : []
  return [readFileSync(join(dataDir, 'secret'), 'utf8').trim(), ...links.flatMap(ownSecretsIn)]
}

/** A start that must fail, with a password in the address of its database. */
async function printedWithoutDatabase(site: string, visit: Visit): Promise<string> {
  const env = { DATABASE_URL: `postgres://user:${visit.canary()}@127.0.0.1:1/none`, LOG_LEVEL: 'trace' }
  const failing = startPostern(['start', '--site', site], { env })
  const limit = setTimeout(() => failing.process.kill('SIGTERM'), 15_000)
  await failing.ended
  clearTimeout(limit)
  return failing.out() + failing.err()
}

function hitsIn(printed: string, { secrets, firstLink }: Visit): readonly string[] {
  const lines = printed.replace(firstLink, '').split('\n')
  return [...secrets].flatMap((secret) =>
    lines.filter((line) => line.includes(secret)).map((line) => `${secret}: ${line}`),
  )
}
