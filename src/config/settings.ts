import { z } from 'zod'
import { accountsSettings } from './accounts-settings.ts'
import { setting } from './setting.ts'

const milliseconds = z.int().min(1).max(3_600_000)
const names = z.array(z.string().min(1))
const kiB = 1024
const miB = 1024 * kiB

const thread = z.strictObject({
  stallLimit: setting(milliseconds.default(1_000), {
    doc: "Milliseconds that a site's thread may block before it is replaced.",
  }),
  heapLimit: setting(z.int().min(16).max(16_384).default(128), {
    doc: "MB of heap that a site's thread may use before it is replaced.",
  }),
})

const connections = z.strictObject({
  limit: setting(z.int().min(1).default(20_000), { doc: 'Connections open at once; more are turned away.' }),
  headersTimeout: setting(milliseconds.default(8_000), { doc: 'Milliseconds for the headers of a request to arrive.' }),
  bodyPatience: setting(milliseconds.default(10_000), {
    doc: 'Milliseconds after which a body that arrives slower than 1 kB a second is refused.',
  }),
  requestTimeout: setting(milliseconds.default(300_000), { doc: 'Milliseconds for a whole request to arrive.' }),
  keepAlive: setting(milliseconds.default(72_000), { doc: 'Milliseconds that an idle connection is kept.' }),
})

const tokens = z.strictObject({
  header: setting(
    z
      .string()
      .regex(/^[a-z0-9-]+$/, 'must be a header name in lower case')
      .default('x-api-token'),
    { doc: 'Header, beside `Authorization`, in which an API token may come.' },
  ),
  query: setting(z.boolean().default(true), { doc: 'Whether `?token=` and `?access_token=` are read.' }),
})

const origin = z.string().regex(/^(\*|https?:\/\/[^/\s]+)$/i, 'must be * or an origin such as https://example.org')

const cors = z
  .strictObject({
    origins: setting(z.array(origin).default(['*']), {
      doc: 'Origins whose pages may read answers: exact, `https://*.example.org` (one label or none), `https://**.example.org` (any depth), or `*`.',
    }),
    credentials: setting(z.boolean().default(false), {
      doc: 'Whether those pages may send cookies; not together with `*`.',
    }),
    exposeHeaders: setting(names.default(['x-request-id', 'retry-after', 'etag', 'link']), {
      doc: 'Headers of an answer that those pages may read.',
    }),
    maxAge: setting(z.int().min(0).max(86_400).default(600), {
      doc: 'Seconds that a browser may remember the answer to OPTIONS.',
    }),
  })
  .refine((value) => !(value.credentials && value.origins.includes('*')), {
    message: 'cannot be true while cors.origins holds "*": name the origins',
    path: ['credentials'],
  })

const api = z.strictObject({
  base: setting(
    z
      .string()
      .regex(/^(\/[a-z0-9_-]+)+$/i, 'must be a path such as /api')
      .default('/api'),
    { doc: 'Path under which all endpoints lie.' },
  ),
  protected: setting(z.boolean().optional(), {
    doc: "Whether a controller's endpoints need a caller; a site with a controller must say.",
  }),
  endPoints: setting(names.default([]), { doc: 'Names of custom endpoints, joined with those of the controller.' }),
  blacklistEndPoints: setting(names.default([]), { doc: 'Endpoints that are left out of the index and answer 405.' }),
  whitelistObjectTypes: setting(names.default([]), { doc: 'Object types that get a read-only endpoint of their own.' }),
  allowedObjectsUrlPath: setting(z.record(z.string(), names).optional(), {
    doc: 'Sub-paths of `/objects/:id` by verb, such as `{ get: ["children"] }`.',
  }),
  validation: z
    .strictObject({
      allowedUrlParams: setting(z.record(z.string(), z.union([z.string(), names])).default({}), {
        doc: 'Query names by endpoint; a name beginning with `_` is a group, `__all` goes for every endpoint.',
      }),
    })
    .prefault({}),
})

const modules = z.strictObject({
  undeclared: setting(z.enum(['closed', 'open']).default('closed'), {
    doc: 'Whether module methods that no manifest declares are not activated (`closed`) or simply answer (`open`).',
  }),
})

const log = z.strictObject({
  level: setting(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'), {
    doc: 'The least important lines that are logged.',
    env: 'LOG_LEVEL',
    flag: 'log-level',
  }),
  format: setting(z.enum(['auto', 'json', 'pretty']).default('auto'), {
    doc: 'Log lines for machines or for people; `auto`: people in `dev`, machines in `start`.',
    flag: 'log-format',
  }),
  requests: setting(z.enum(['auto', 'all', 'failed', 'none']).default('auto'), {
    doc: 'Which requests get a line; `auto`: all in `dev`, in `start` those answered with 400 and above.',
  }),
})

/** Every setting there is. Groups are strict, so that a slip of the finger is refused and not ignored. */
export const settingsSchema = z.strictObject({
  port: setting(z.int().min(0).max(65_535).default(4_000), {
    doc: 'Port to listen on; 0 takes a free one.',
    env: 'PORT',
    flag: 'port',
  }),
  host: setting(z.string().min(1).default('127.0.0.1'), {
    doc: 'Address to listen on; 0.0.0.0 for all.',
    env: 'HOST',
    flag: 'host',
  }),
  dataDir: setting(z.string().min(1).default('data'), {
    doc: 'Folder of the database, the files and the secret.',
    env: 'DATA_DIR',
    flag: 'data-dir',
  }),
  databaseUrl: setting(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
      .optional(),
    {
      doc: 'A PostgreSQL database; without it, SQLite in the data folder. Of several servers, `postgres://user@one,two/name`, the one that leads is found.',
      env: 'DATABASE_URL',
      secret: true,
    },
  ),
  secret: setting(z.string().min(32, 'must have at least 32 characters').optional(), {
    doc: 'Secret of the site, the same on all its nodes; without it, one is made at the first start and kept in the data folder.',
    env: 'SECRET',
    secret: true,
  }),
  publicUrl: setting(
    z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    { doc: 'Address under which people reach the site; links in answers are built from it.', env: 'PUBLIC_URL' },
  ),
  isolation: setting(z.enum(['thread', 'inline']).default('thread'), {
    doc: "Whether the site's own code runs in a thread of its own or in the house.",
    flag: 'isolation',
  }),
  thread: thread.prefault({}),
  timeout: setting(milliseconds.default(30_000), {
    doc: 'Milliseconds until an endpoint that has not answered gets 504.',
  }),
  bodyLimit: setting(z.int().min(0).default(miB), { doc: 'Bytes that the body of a request may have.' }),
  connections: connections.prefault({}),
  grace: setting(z.int().min(0).max(600_000).default(30_000), {
    doc: 'Milliseconds that requests under way get to finish when the server is asked to stop.',
  }),
  trustedProxies: setting(names.default([]), {
    doc: 'Addresses or networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed.',
  }),
  tokens: tokens.prefault({}),
  cors: cors.prefault({}),
  api: api.prefault({}),
  modules: modules.prefault({}),
  addons: setting(z.record(z.string(), z.unknown()).default({}), {
    doc: 'Settings of addons, by the name of the addon.',
  }),
  accounts: accountsSettings.prefault({}),
  explorer: setting(z.boolean().default(true), {
    doc: 'Whether `/explorer` is there: for all in `dev`, for an admin in `start`.',
  }),
  log: log.prefault({}),
})

/** Settings as the server uses them: complete, checked, folders absolute. */
export type Settings = Readonly<z.output<typeof settingsSchema>>

/** What a config file may say. */
export type Config = z.input<typeof settingsSchema>
