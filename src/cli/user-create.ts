import { byOperator } from './by-operator.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson } from './print.ts'
import { readSecret } from './read-secret.ts'
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
    const password = given.has('password-stdin') ? await readSecret('password', 'postern user create …') : undefined
    const wanted = { name: given.positional(0), email: given.text('email'), roles: given.list('role'), password }
    return withSite(given, async ({ house }) => {
      const user = await house.accounts.createUser(wanted)
      await house.accounts.audit({ event: 'user.created', user: user.id, detail: byOperator })
      return given.has('json') ? sayJson(user) : say(`Made ${userText(user)}.`)
    })
  },
}
