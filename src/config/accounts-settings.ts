import { z } from 'zod'
import { setting } from './setting.ts'

const count = z.int().min(0)
const seconds = z.int().min(1)
const names = z.array(z.string().min(1))

const sessions = z.strictObject({
  access: setting(seconds.default(600), { doc: 'Seconds that an access token lives.' }),
  refresh: setting(seconds.default(2_592_000), {
    doc: 'Seconds that a refresh token lives; each use makes a new one.',
  }),
})

const register = z.strictObject({
  roles: names.default([]),
  verify: z.boolean().default(true),
})

const limits = z.strictObject({
  signIns: setting(count.default(10), { doc: 'Wrong passwords for one name from strange places, in 15 minutes.' }),
  signInsPerAddress: setting(count.default(50), { doc: 'Wrong passwords from one address, in 15 minutes.' }),
  badCredentials: setting(count.default(60), { doc: 'Credentials not accepted from one address, in a minute.' }),
  requests: setting(count.default(6_000), { doc: 'Requests of one caller in a minute; 0 counts none.' }),
  requestsPerAddress: setting(count.default(30_000), { doc: 'Requests from one address in a minute; 0 counts none.' }),
})

const mail = z.strictObject({
  from: setting(z.string().min(3).default('postern@localhost'), { doc: 'Sender of mails.' }),
  smtp: setting(
    z
      .string()
      .regex(/^smtps?:\/\//, 'must begin with smtp://')
      .optional(),
    {
      doc: 'Server that mails are given to; without it, `dev` writes them to `mails/` in the data folder.',
      secret: true,
    },
  ),
})

const provider = z.strictObject({
  issuer: z.string().min(1),
  clientId: z.string().min(1),
  clientSecret: z.string().optional(),
  scope: z.string().optional(),
  allowHttp: z.boolean().optional(),
})

/** Settings about people: sign-in, roles, sessions. */
export const accountsSettings = z.strictObject({
  roles: setting(z.record(z.string(), z.array(z.string())).default({}), {
    doc: 'Roles that include others, such as `{ admin: ["editor"] }`.',
  }),
  register: setting(z.record(z.string(), z.unknown()).pipe(register).optional(), {
    doc: 'Who may register: absent, nobody; else `{ roles: ["member"], verify: true }`, the roles of a newcomer and whether the address must be proved.',
  }),
  origins: setting(names.default([]), { doc: 'Further origins whose pages may use a cookie session.' }),
  sessions: sessions.prefault({}),
  limits: limits.prefault({}),
  mail: mail.prefault({}),
  oidc: setting(z.record(z.string(), provider).default({}), {
    doc: 'Sign-in elsewhere by OpenID Connect, by name: `{ issuer, clientId, clientSecret }`.',
    secret: true,
  }),
})
