import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rule } from '../endpoint/rule.ts'
import type { Place } from '../errors/postern-error.ts'
import { parseRule, RuleError } from '../rules/parse.ts'
import { verifyRowRule, type RuleSubjects } from '../rules/verify.ts'
import { lineOfField } from './export-line.ts'
import type { FieldRule, FoundType, SiteFolder, SiteProblem } from './site-folder.ts'
import { fatalProblem } from './site-problem.ts'

/** Rules on fields of object types that are none, or that speak of what is not there; with file and line of the field. */
export function fieldRuleProblems(
  site: SiteFolder,
  types: readonly FoundType[],
  whenNames: Iterable<string>,
): readonly SiteProblem[] {
  const subjects = { types: new Map<string, readonly string[]>(), whenNames: new Set(whenNames) }
  return types.flatMap((type) =>
    (type.facts.fieldRules ?? []).flatMap((one) =>
      complaintsOf(one, type, subjects).map((said) => problemOf(site, type, { ...one, said })),
    ),
  )
}

/** What is wrong with a rule on the rows of a type. */
export function complaintsOf(
  { rule }: Pick<FieldRule, 'rule'>,
  { facts }: Pick<FoundType, 'facts'>,
  subjects: RuleSubjects,
): readonly string[] {
  try {
    const parsed = parseRule(rule)
    const said = verifyRowRule(parsed, facts.fields, subjects)
    return [...said, ...listedIn(parsed).flatMap((name) => notAList(name, facts))]
  } catch (thrown) {
    if (thrown instanceof RuleError) return [thrown.message]
    throw thrown
  }
}

/** A field that is there, and yet names nobody. */
function notAList(name: string, { fields, accessLists = [] }: FoundType['facts']): string[] {
  if (!fields.includes(name) || accessLists.includes(name)) return []
  return [`"listed" needs an access-list field, and ${JSON.stringify(name)} is none`]
}

function listedIn(rule: Rule): readonly string[] {
  if (typeof rule === 'string') return []
  if ('any' in rule) return rule.any.flatMap(listedIn)
  if ('all' in rule) return rule.all.flatMap(listedIn)
  return 'listed' in rule ? [rule.listed] : []
}

function problemOf(site: SiteFolder, type: FoundType, wrong: FieldRule & { readonly said: string }): SiteProblem {
  const { field, right, said } = wrong
  const place = `${type.facts.name}.${field}.${right}`
  return fatalProblem(site.root, placeOf(site, type.origin, field), {
    message: `The rule ${place} cannot be enforced: ${said.replace(/\.$/, '')}.`,
    hint: 'Mend the rule; a field is never served with a rule that cannot be enforced.',
  })
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
