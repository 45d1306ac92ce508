import { byOperator } from './by-operator.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson } from './print.ts'
import { userText } from './user-text.ts'

export const userDeactivate: Command = {
  positionals: [{ name: 'user', doc: 'by name, e-mail or id' }],
  options: { ...siteOptions, undo: { type: 'boolean', doc: 'put the user back into use' }, ...settingOptions },
  run: (given) =>
    withSite(given, async ({ house: { accounts } }) => {
      const { id } = await accounts.requireUser(given.positional(0))
      const user = await accounts.updateUser(id, { active: given.has('undo') })
      const detail = { ...byOperator, changed: ['active'] }
      await accounts.audit({ event: user.active ? 'user.changed' : 'user.deactivated', user: id, detail })
      return given.has('json') ? sayJson(user) : say(`Changed ${userText(user)}.`)
    }),
}
