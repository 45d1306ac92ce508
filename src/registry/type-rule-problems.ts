import { lineOfRule } from './export-line.ts'
import { placeInType } from './place-in-type.ts'
import { rowRuleComplaints } from './row-rule-complaints.ts'
import type { FoundType, SiteFolder, SiteProblem } from './site-folder.ts'
import { fatalProblem } from './site-problem.ts'

/** Rules of object types that are none, or that speak of what the type does not have. */
export function typeRuleProblems(
  site: SiteFolder,
  types: readonly FoundType[],
  whenNames: Iterable<string>,
): readonly SiteProblem[] {
  const complaints = rowRuleComplaints(types, whenNames, (facts) => facts.rules)
  return complaints.map(({ type: { facts, origin }, written: { right }, said }) => {
    const place = placeInType(site, origin, (text, after) => lineOfRule(text, `rules.${right}`, after))
    return fatalProblem(site.root, place, {
      message: `The rule ${facts.name}.rules.${right} cannot be enforced: ${said}.`,
      hint: 'Mend the rule; nothing of a type is served with a rule that cannot be enforced.',
    })
  })
}
