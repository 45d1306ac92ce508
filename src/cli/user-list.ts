import type { OpenHouse } from '../app.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson, table } from './print.ts'

const page = 500

export const userList: Command = {
  options: { ...siteOptions, ...settingOptions },
  run: (given) =>
    withSite(given, async ({ house }) => {
      const users = await Array.fromAsync(allUsers(house.accounts))
      if (given.has('json')) return sayJson(users)
      const rows = users.map(({ id, name, email, roles, active }) => [
        String(id),
        name,
        email ?? '-',
        roles.join(', ') || '-',
        active ? 'yes' : 'no',
      ])
      return say(table(['ID', 'NAME', 'E-MAIL', 'ROLES', 'ACTIVE'], rows))
    }),
}

async function* allUsers(accounts: OpenHouse['accounts']) {
  let after = 0
  while (true) {
    const users = await accounts.listUsers({ limit: page, after })
    yield* users
    const last = users.at(-1)
    if (last === undefined || users.length < page) return
    after = last.id
  }
}
