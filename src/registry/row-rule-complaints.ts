import type { Rule } from '../endpoint/rule.ts'
import { parseRule, RuleError } from '../rules/parse.ts'
import { verifyRowRule, type RuleSubjects } from '../rules/verify.ts'
import type { FoundType, TypeFacts } from './site-folder.ts'

/** What is wrong with a rule on rows, as the end of a sentence, and the rule as its type wrote it. */
export interface Complaint<Written> {
  readonly type: FoundType
  readonly written: Written
  readonly said: string
}

/** Rules on the rows of types that are none, or that speak of what is not there. */
export function rowRuleComplaints<Written extends { readonly rule: unknown }>(
  types: readonly FoundType[],
  whenNames: Iterable<string>,
  rulesOf: (facts: TypeFacts) => readonly Written[] | undefined,
): readonly Complaint<Written>[] {
  const subjects = { types: new Map<string, readonly string[]>(), whenNames: new Set(whenNames) }
  return types.flatMap((type) =>
    (rulesOf(type.facts) ?? []).flatMap((written) =>
      complaintsOf(written.rule, type.facts, subjects).map((said) => ({
        type,
        written,
        said: said.replace(/\.$/, ''),
      })),
    ),
  )
}

function complaintsOf(rule: unknown, facts: TypeFacts, subjects: RuleSubjects): readonly string[] {
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
function notAList(name: string, { fields, accessLists = [] }: TypeFacts): string[] {
  if (!fields.includes(name) || accessLists.includes(name)) return []
  return [`"listed" needs an access-list field, and ${JSON.stringify(name)} is none`]
}

function listedIn(rule: Rule): readonly string[] {
  if (typeof rule === 'string') return []
  if ('any' in rule) return rule.any.flatMap(listedIn)
  if ('all' in rule) return rule.all.flatMap(listedIn)
  return 'listed' in rule ? [rule.listed] : []
}
