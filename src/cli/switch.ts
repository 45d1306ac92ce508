import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite, type Opened } from './open-site.ts'
import { say, sayJson, table } from './print.ts'
import { UsageError } from './usage-error.ts'

const states = ['hide', 'block', 'freeze', 'retire'] as const

export const switchSet: Command = {
  positionals: [
    { name: 'endpoint', doc: 'id of the endpoint, as `postern routes --json` shows it' },
    { name: 'state', doc: 'hide (404), block (405), freeze (503) or retire (410)' },
  ],
  options: {
    ...siteOptions,
    until: { type: 'string', value: 'time', doc: 'ISO 8601; until when it is frozen, or since when it is retired' },
    reason: { type: 'string', value: 'text', doc: 'for the audit log' },
    ...settingOptions,
  },
  run: (given) =>
    withSite(given, async ({ house }) => {
      const endpoint = given.positional(0)
      const state = states.find((one) => one === given.positional(1))
      if (state === undefined) throw new UsageError(`The state is one of ${states.join(', ')}.`)
      requireEndpoint(house, endpoint)
      const until = given.text('until')
      const reason = given.text('reason')
      const made = await house.accounts.setSwitch({
        endpoint,
        state,
        ...(until ? { until } : {}),
        ...(reason ? { reason } : {}),
      })
      return given.has('json') ? sayJson(made) : say(`${endpoint}: ${state}, on every node within a second.`)
    }),
}

export const switchClear: Command = {
  positionals: [{ name: 'endpoint', doc: 'id of the endpoint' }],
  options: { ...siteOptions, ...settingOptions },
  run: (given) =>
    withSite(given, async ({ house }) => {
      const endpoint = given.positional(0)
      const cleared = await house.accounts.clearSwitch({ endpoint })
      return given.has('json') ? sayJson({ cleared }) : say(`${endpoint}: open again, as its rule says.`)
    }),
}

export const switchList: Command = {
  options: { ...siteOptions, ...settingOptions },
  run: (given) =>
    withSite(given, async ({ house }) => {
      const switches = house.accounts.listSwitches()
      if (given.has('json')) return sayJson(switches)
      if (switches.length === 0) return say('No endpoint is switched off.')
      const rows = switches.map(({ endpoint, state, until, reason }) => [endpoint, state, until ?? '-', reason ?? '-'])
      return say(table(['ENDPOINT', 'STATE', 'UNTIL', 'REASON'], rows))
    }),
}

function requireEndpoint(house: Opened['house'], id: string): void {
  if (house.records().some((record) => record.id === id)) return
  throw new UsageError(`There is no endpoint ${JSON.stringify(id)}; postern routes --json lists them with their ids.`)
}
