import { schemaOf } from '../content/room.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson } from './print.ts'

/** What adds is done whenever a site opens; this command is for what loses, each step by its own words. */
export const migrate: Command = {
  options: {
    allow: { type: 'string', multiple: true, value: 'step', doc: 'a step that may lose what it drops, as it is shown' },
    ...siteOptions,
    ...settingOptions,
  },
  run: (given) =>
    withSite(given, async ({ house }) => {
      const schema = schemaOf(house.room().types.all)
      const { taken, withheld } = await house.store.migrate([schema], { allow: given.list('allow') })
      if (given.has('json')) return sayJson({ taken, withheld })
      const done =
        taken.length === 0 ? ['The database has everything that the types name.'] : taken.map((step) => `done: ${step}`)
      return say(
        [...done, ...withheld.map((step) => `kept: ${step}   (to take it: --allow ${JSON.stringify(step)})`)].join(
          '\n',
        ),
      )
    }),
}
