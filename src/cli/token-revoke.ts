import { PosternError } from '../errors/postern-error.ts'
import { byOperator } from './by-operator.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson } from './print.ts'
import { UsageError } from './usage-error.ts'

export const tokenRevoke: Command = {
  positionals: [{ name: 'id', doc: 'the number that "postern token list" shows' }],
  options: { ...siteOptions, ...settingOptions },
  run: (given) => {
    const text = given.positional(0)
    if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${JSON.stringify(text)} is not the id of a token.`)
    return withSite(given, async ({ house }) => {
      const id = Number(text)
      if (!(await house.accounts.revokeToken(id))) throw new PosternError('NOT_FOUND', `There is no token ${id}.`)
      await house.accounts.audit({ event: 'token.revoked', detail: { ...byOperator, token: id } })
      return given.has('json') ? sayJson({ id, revoked: true }) : say(`Token ${id} is revoked.`)
    })
  },
}
