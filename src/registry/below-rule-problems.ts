import { complaintsOf } from './field-rule-problems.ts'
import type { FoundType, SiteFolder, SiteProblem } from './site-folder.ts'
import { fatalProblem } from './site-problem.ts'

/** Rules for what lies below sections that are none, or that speak of what the section's type does not have. */
export function belowRuleProblems(
  site: SiteFolder,
  types: readonly FoundType[],
  whenNames: Iterable<string>,
): readonly SiteProblem[] {
  const subjects = { types: new Map<string, readonly string[]>(), whenNames: new Set(whenNames) }
  return types.flatMap((type) =>
    (type.facts.belowRules ?? []).flatMap(({ right, rule }) =>
      complaintsOf({ rule }, type, subjects).map((said) =>
        fatalProblem(site.root, type.origin, {
          message: `The rule ${type.facts.name}.below.${right} cannot be enforced: ${said.replace(/\.$/, '')}.`,
          hint: 'Mend the rule; nothing is served below a section whose rule cannot be enforced.',
        }),
      ),
    ),
  )
}
