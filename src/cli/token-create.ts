import { byOperator } from './by-operator.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson, warn } from './print.ts'
import { UsageError } from './usage-error.ts'

export const tokenCreate: Command = {
  options: {
    ...siteOptions,
    name: { type: 'string', value: 'name', doc: 'what it is for, as lists show it' },
    user: { type: 'string', value: 'name', doc: 'the user it acts for, by name, e-mail or id (default: nobody)' },
    scope: { type: 'string', value: "'GET /api/custom'", multiple: true, doc: 'what it is limited to' },
    expires: { type: 'string', value: 'time', doc: 'when it ends: 30d, 12h or a moment (default: never)' },
    ...settingOptions,
  },
  run: (given) => {
    const name = given.text('name')
    if (name === undefined) throw new UsageError('A token needs a name: --name <name>.')
    const scopes = given.list('scope')
    const wanted = {
      name,
      user: given.text('user'),
      expires: given.text('expires'),
      ...(scopes.length > 0 ? { scopes } : {}),
    }
    return withSite(given, async ({ house }) => {
      const { id, token, user } = await house.accounts.createToken(wanted)
      const detail = { ...byOperator, token: id }
      await house.accounts.audit({ event: 'token.created', user: user ?? undefined, detail })
      if (given.has('json')) return sayJson({ id, token })
      warn(`Token ${id} (${name}) was made. It is shown this once:`)
      return say(token)
    })
  },
}
