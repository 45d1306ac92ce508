import type { Endpoint } from '../endpoint/record.ts'
import { placeText } from '../errors/postern-error.ts'
import { ruleText } from '../rules/rule-text.ts'
import type { Command } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { say, sayJson, table } from './print.ts'

export const routes: Command = {
  options: { ...siteOptions, ...settingOptions },
  run: (given) =>
    withSite(given, async ({ house }) => {
      const records = house
        .records()
        .filter(({ hidden }) => hidden !== true)
        .toSorted(byPath)
      if (given.has('json')) return sayJson(records.map(asJson))
      return say(table(['METHODS', 'PATH', 'SOURCE', 'FILE', 'RULE'], records.map(asRow)))
    }),
}

function byPath(one: Endpoint, other: Endpoint): number {
  return one.path < other.path ? -1 : one.path > other.path ? 1 : one.methods.join().localeCompare(other.methods.join())
}

/** Without a rule, `rule` is null: not activated. */
function asJson({ id, methods, path, source, origin, rule }: Endpoint) {
  return { id, methods, path, source, file: origin.file, line: origin.line ?? null, rule: rule ?? null }
}

function asRow({ methods, path, source, origin, rule }: Endpoint): string[] {
  const { file, line } = origin
  return [methods.join(','), path, source, placeText(line === undefined ? { file } : { file, line }), ruleText(rule)]
}
