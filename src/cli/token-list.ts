import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson, table } from './print.ts'

export const tokenList: Command = {
  options: {
    ...siteOptions,
    user: { type: 'string', value: 'name', doc: 'only those that act for this user' },
    ...settingOptions,
  },
  run: (given) =>
    withSite(given, async ({ house: { accounts } }) => {
      const user = given.text('user')
      const tokens = await accounts.listTokens(
        user === undefined ? {} : { user: (await accounts.requireUser(user)).id },
      )
      if (given.has('json')) return sayJson(tokens)
      const rows = tokens.map((one) => [
        String(one.id),
        one.name,
        one.user === null ? '-' : String(one.user),
        one.scopes?.join(', ') ?? 'all',
        one.expires ?? 'never',
        one.last_used ?? 'never',
      ])
      return say(table(['ID', 'NAME', 'USER', 'SCOPES', 'EXPIRES', 'LAST USED'], rows))
    }),
}
