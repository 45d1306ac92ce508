import { lineOfField } from './export-line.ts'
import { placeInType } from './place-in-type.ts'
import { rowRuleComplaints } from './row-rule-complaints.ts'
import type { FoundType, SiteFolder, SiteProblem } from './site-folder.ts'
import { fatalProblem } from './site-problem.ts'

/** Rules on fields of object types that are none, or that speak of what is not there; with file and line of the field. */
export function fieldRuleProblems(
  site: SiteFolder,
  types: readonly FoundType[],
  whenNames: Iterable<string>,
): readonly SiteProblem[] {
  const complaints = rowRuleComplaints(types, whenNames, (facts) => facts.fieldRules)
  return complaints.map(({ type: { facts, origin }, written: { field, right }, said }) => {
    const place = placeInType(site, origin, (text, after) => lineOfField(text, field, after))
    return fatalProblem(site.root, place, {
      message: `The rule ${facts.name}.${field}.${right} cannot be enforced: ${said}.`,
      hint: 'Mend the rule; a field is never served with a rule that cannot be enforced.',
    })
  })
}
