import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from '../errors/postern-error.ts'
import { lineOfField } from './export-line.ts'
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
  return complaints.map(({ type: { facts, origin }, written: { field, right }, said }) =>
    fatalProblem(site.root, placeOf(site, origin, field), {
      message: `The rule ${facts.name}.${field}.${right} cannot be enforced: ${said}.`,
      hint: 'Mend the rule; a field is never served with a rule that cannot be enforced.',
    }),
  )
}

/** Where the field is written, as far as that can be told from the text; else where its type is. */
function placeOf(site: SiteFolder, origin: Place, field: string): Place {
  try {
    const line = lineOfField(readFileSync(join(site.root, origin.file), 'utf8'), field, origin.line)
    return line === undefined ? origin : { file: origin.file, line }
  } catch {
    return origin
  }
}
