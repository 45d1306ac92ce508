import { text } from 'node:stream/consumers'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson } from './print.ts'
import { UsageError } from './usage-error.ts'
import { userText } from './user-text.ts'

export const userCreate: Command = {
  positionals: [{ name: 'name', doc: 'the name to sign in with' }],
  options: {
    ...siteOptions,
    email: { type: 'string', value: 'address', doc: 'e-mail address' },
    role: { type: 'string', value: 'role', multiple: true, doc: 'a role to give' },
    'password-stdin': {
      type: 'boolean',
      doc: 'read the password from standard input (never from the line, where others see it)',
    },
    ...settingOptions,
  },
  run: async (given) => {
    const password = given.has('password-stdin') ? await readPassword() : undefined
    const wanted = { name: given.positional(0), email: given.text('email'), roles: given.list('role'), password }
    return withSite(given, async ({ house }) => {
      const user = await house.accounts.createUser(wanted)
      return given.has('json') ? sayJson(user) : say(`Made ${userText(user)}.`)
    })
  },
}

/** One line; the line break that `echo` adds is none of it. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY)
    throw new UsageError('--password-stdin wants the password through a pipe: echo "$PASSWORD" | postern user create …')
  const password = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (password === '') throw new UsageError('Standard input holds no password.')
  return password
}
