import { lineOfRule } from './export-line.ts'
import { placeInType } from './place-in-type.ts'
import { rowRuleComplaints } from './row-rule-complaints.ts'
import type { FoundType, SiteFolder, SiteProblem } from './site-folder.ts'
import { fatalProblem } from './site-problem.ts'

/** Rules for what lies below sections that are none, or that speak of what the section's type does not have. */
export function belowRuleProblems(
  site: SiteFolder,
  types: readonly FoundType[],
  whenNames: Iterable<string>,
): readonly SiteProblem[] {
  const complaints = rowRuleComplaints(types, whenNames, (facts) => facts.belowRules)
  return complaints.map(({ type: { facts, origin }, written: { right }, said }) => {
    const place = placeInType(site, origin, (text, after) => lineOfRule(text, `below.${right}`, after))
    return fatalProblem(site.root, place, {
      message: `The rule ${facts.name}.below.${right} cannot be enforced: ${said}.`,
      hint: 'Mend the rule; nothing is served below a section whose rule cannot be enforced.',
    })
  })
}
