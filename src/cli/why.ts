import type { WhyAsked } from '../describe/ports.ts'
import type { Why, WhyStep } from '../describe/why.ts'
import { isVerb } from '../endpoint/method.ts'
import type { Explained } from '../rules/explain.ts'
import type { Command, Given } from './command.ts'
import { settingOptions, siteOptions } from './common-options.ts'
import { withSite } from './open-site.ts'
import { colour, say, sayJson } from './print.ts'
import { readSecret } from './read-secret.ts'
import { UsageError } from './usage-error.ts'

export const why: Command = {
  positionals: [
    { name: 'method', doc: 'GET, POST, PUT, PATCH or DELETE' },
    { name: 'path', doc: 'such as /members/account/AAA' },
  ],
  options: {
    ...siteOptions,
    as: {
      type: 'string',
      value: 'user',
      doc: 'name, e-mail or id of a user, or token:<id or name> of an API token; without it, nobody known',
    },
    role: { type: 'string', value: 'role', doc: 'anyone who has this role alone' },
    'token-stdin': {
      type: 'boolean',
      doc: 'whoever has the token or session key on standard input (never on the line, where others see it)',
    },
    ...settingOptions,
  },
  run: async (given) => {
    const as = await whoIn(given)
    return withSite(given, async ({ house }) => {
      const method = given.positional(0).toUpperCase()
      if (!isVerb(method)) throw new UsageError(`${method} is no method of an endpoint.`)
      if (as && 'user' in as) await house.accounts.requireUser(as.user)
      if (as && 'token' in as) await house.accounts.requireToken(as.token)
      const told = await house.why({ method, path: given.positional(1), as })
      return given.has('json') ? sayJson(told) : say(whyText(told))
    })
  },
}

async function whoIn(given: Given): Promise<WhyAsked['as']> {
  const as = given.text('as')
  const role = given.text('role')
  const ways = [as, role, given.has('token-stdin') || undefined].filter((way) => way !== undefined)
  if (ways.length > 1) throw new UsageError('Say one of --as, --role and --token-stdin.')
  if (given.has('token-stdin')) return { credential: await readSecret('token', 'postern why …') }
  if (as?.startsWith('token:')) return { token: as.slice('token:'.length) }
  if (as !== undefined) return { user: as }
  return role === undefined ? undefined : { role }
}

/** In words: each step of the road as far as it goes, and what it comes to. */
function whyText({ steps, status }: Why): string {
  const end = status < 400 ? colour.green(`→ let through`) : colour.red(`→ ${status}`)
  return [...steps.flatMap(stepLines), end].join('\n')
}

function stepLines(step: WhyStep): string[] {
  const code = step.code === undefined ? '' : ` ${colour.dim(step.code)}`
  const parts = step.rule === undefined || step.rule.parts.length === 0 ? [] : ruleLines(step.rule, 2)
  const condition =
    step.condition === undefined || typeof step.condition === 'boolean'
      ? []
      : [`      ${JSON.stringify(step.condition)}`]
  return [`${mark(step.passed)} ${step.step.padEnd(12)} ${step.text}${code}`, ...parts, ...condition]
}

function ruleLines(rule: Explained, depth: number): string[] {
  const line = `${' '.repeat(depth * 2)}${mark(rule.passed)} ${rule.kind === 'one' ? rule.text : `${rule.kind} of:`}`
  return [line, ...rule.parts.flatMap((part) => ruleLines(part, depth + 1))]
}

function mark(passed: boolean): string {
  return passed ? colour.green('✓') : colour.red('✗')
}
