import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rule } from '../endpoint/rule.ts'
import type { Place } from '../errors/postern-error.ts'
import { parseRule, RuleError } from '../rules/parse.ts'
import { verifyRowRule, type RuleSubjects } from '../rules/verify.ts'
import { lineOfField, lineOfRule } from './export-line.ts'
import type { FoundType, SiteFolder, SiteProblem, TypeFacts } from './site-folder.ts'
import { fatalProblem } from './site-problem.ts'

interface Written {
  readonly rule: unknown
  /** Behind the name of the type. */
  readonly path: string
  readonly lineIn: (text: string, after: number | undefined) => number | undefined
  readonly hint: string
}

/** Rules that types say and that are none, or speak of what is not there; with the line, as far as it can be told. */
export function rowRuleProblems(
  site: SiteFolder,
  types: readonly FoundType[],
  whenNames: Iterable<string>,
): readonly SiteProblem[] {
  const subjects = { types: new Map<string, readonly string[]>(), whenNames: new Set(whenNames) }
  return [ofObjects, ofFields, ofWhatLiesBelow].flatMap((writtenBy) =>
    types.flatMap(({ facts, origin }) =>
      writtenBy(facts).flatMap(({ rule, path, lineIn, hint }) =>
        complaintsOf(rule, facts, subjects).map((said) =>
          fatalProblem(site.root, placeOf(site, origin, lineIn), {
            message: `The rule ${facts.name}.${path} cannot be enforced: ${said.replace(/\.$/, '')}.`,
            hint,
          }),
        ),
      ),
    ),
  )
}

function ofObjects({ rules = [] }: TypeFacts): readonly Written[] {
  const hint = 'Mend the rule; nothing of a type is served with a rule that cannot be enforced.'
  return rules.map(({ right, rule }) => ({ rule, ...inBlock(`rules.${right}`), hint }))
}

function ofFields({ fieldRules = [] }: TypeFacts): readonly Written[] {
  const hint = 'Mend the rule; a field is never served with a rule that cannot be enforced.'
  return fieldRules.map(({ field, right, rule }) => ({
    rule,
    path: `${field}.${right}`,
    lineIn: (text, after) => lineOfField(text, field, after),
    hint,
  }))
}

function ofWhatLiesBelow({ belowRules = [] }: TypeFacts): readonly Written[] {
  const hint = 'Mend the rule; nothing is served below a section whose rule cannot be enforced.'
  return belowRules.map(({ right, rule }) => ({ rule, ...inBlock(`below.${right}`), hint }))
}

function inBlock(path: `${'rules' | 'below'}.${string}`): Pick<Written, 'path' | 'lineIn'> {
  return { path, lineIn: (text, after) => lineOfRule(text, path, after) }
}

/** Where the type is, where the line cannot be told. */
function placeOf(site: SiteFolder, origin: Place, lineIn: Written['lineIn']): Place {
  try {
    const line = lineIn(readFileSync(join(site.root, origin.file), 'utf8'), origin.line)
    return line === undefined ? origin : { file: origin.file, line }
  } catch {
    return origin
  }
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
