import type { Definition } from '../endpoint/record.ts'
import { placeText } from '../errors/postern-error.ts'
import { parseRule, RuleError } from '../rules/parse.ts'
import { verifyRule, type RuleSubjects } from '../rules/verify.ts'
import type { SiteFolder, SiteProblem } from './site-folder.ts'
import { fatalProblem } from './site-problem.ts'

/**
 * Rules that are none, or that speak of what the site does not have; with file and line, before anything is served. Several
 * paths of one place have one rule, which is told once.
 */
export function ruleProblems(
  site: SiteFolder,
  definitions: readonly Definition[],
  whenNames: Iterable<string>,
): readonly SiteProblem[] {
  const types = new Map(site.types.flatMap((type) => [[type.name, type.fields] as const]))
  const subjects = { types, whenNames: new Set(whenNames) }
  const told = new Set<string>()
  return definitions.flatMap((definition) =>
    complaintsOf(definition, subjects).flatMap((said) => {
      const key = `${placeText(definition.record.origin)} ${said}`
      if (told.has(key)) return []
      told.add(key)
      return [problemOf(site, definition, said)]
    }),
  )
}

function complaintsOf({ record }: Definition, subjects: RuleSubjects): readonly string[] {
  if (record.rule === undefined) return []
  try {
    parseRule(record.rule)
  } catch (thrown) {
    if (thrown instanceof RuleError) return [thrown.message]
    throw thrown
  }
  return verifyRule(record, subjects)
}

function problemOf(site: SiteFolder, { record }: Definition, said: string): SiteProblem {
  const message = `The rule of ${record.methods.join(', ')} ${record.path} cannot be enforced: ${said.replace(/\.$/, '')}.`
  return fatalProblem(site.root, record.origin, {
    message,
    hint: 'Mend the rule; an endpoint is never served with a rule that cannot be enforced.',
  })
}
