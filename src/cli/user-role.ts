import { byOperator } from './by-operator.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson } from './print.ts'
import { UsageError } from './usage-error.ts'
import { userText } from './user-text.ts'

export const userRole: Command = {
  positionals: [{ name: 'user', doc: 'by name, e-mail or id' }],
  options: {
    ...siteOptions,
    add: { type: 'string', value: 'role', multiple: true, doc: 'a role to give' },
    remove: { type: 'string', value: 'role', multiple: true, doc: 'a role to take' },
    ...settingOptions,
  },
  run: (given) => {
    const [added, removed] = [given.list('add'), given.list('remove')]
    if (added.length + removed.length === 0)
      throw new UsageError('Say what to change: --add <role> or --remove <role>.')
    return withSite(given, async ({ house }) => {
      const { id, roles } = await house.accounts.requireUser(given.positional(0))
      const wanted = [...new Set([...roles, ...added])].filter((role) => !removed.includes(role))
      const user = await house.accounts.updateUser(id, { roles: wanted })
      const detail = { ...byOperator, changed: ['roles'] }
      await house.accounts.audit({ event: 'user.changed', user: id, detail })
      return given.has('json') ? sayJson(user) : say(`Changed ${userText(user)}.`)
    })
  },
}
