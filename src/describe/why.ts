import type { Caller } from '../endpoint/caller.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Facts } from '../rules/check.ts'
import { explain, type Explained } from '../rules/explain.ts'
import { ruleText } from '../rules/rule-text.ts'
import type { Condition } from '../schema/condition.ts'

/** Why a request is let through or refused: the steps of the road as far as they can be judged without taking it. */
export interface Why {
  readonly steps: readonly WhyStep[]
  /** What the last step comes to: 200 where nothing refuses. */
  readonly status: number
}

export interface WhyStep {
  readonly step: 'route' | 'authenticate' | 'authorize' | 'content'
  readonly passed: boolean
  /** A sentence. */
  readonly text: string
  readonly code?: string
  /** Of `authorize`: the rule, part by part. */
  readonly rule?: Explained
  /** Of `content`: the rows that the caller may reach, as the store is told. */
  readonly condition?: Condition
}

/** What judging asks; each may throw what the road would throw. */
export interface WhyPorts {
  readonly route: () => { readonly endpoint: Endpoint; readonly params: Readonly<Record<string, string>> }
  readonly caller: () => Caller | Promise<Caller>
  readonly facts: (caller: Caller, params: Readonly<Record<string, string>>) => Facts
  /** Throws where the scopes of the caller's token do not reach. */
  readonly scope?: (caller: Caller) => void
  /** What the rules of the content it reads make of this caller; absent where that cannot be told. */
  readonly condition?: (endpoint: Endpoint, caller: Caller) => Promise<Condition | undefined>
}

/** Follows the order of the road, and stops where the road would. */
export async function why(ports: WhyPorts): Promise<Why> {
  const steps: WhyStep[] = []
  try {
    const { endpoint, params } = ports.route()
    steps.push({ step: 'route', passed: true, text: `${endpoint.id}, from ${endpoint.origin.file}.` })
    const caller = await ports.caller()
    steps.push({ step: 'authenticate', passed: true, text: `The caller is ${callerText(caller)}.` })
    ports.scope?.(caller)
    steps.push(await authorized(endpoint, caller, ports.facts(caller, params)))
    const condition = steps.at(-1)?.passed ? await ports.condition?.(endpoint, caller) : undefined
    if (condition !== undefined) steps.push(contentStep(condition))
  } catch (thrown) {
    if (!(thrown instanceof PosternError)) throw thrown
    steps.push({ step: stepAfter(steps), passed: false, text: thrown.message, code: thrown.code })
    return { steps, status: thrown.status }
  }
  const refused = steps.find((step) => !step.passed)
  return { steps, status: refused?.code === undefined ? 200 : statusOf(refused.code) }
}

/** `anonymous`, `the token "bar"`, `tom (member, editor)`. */
export function callerText(caller: Caller): string {
  if (caller.kind === 'anonymous') return 'nobody known (no credential was sent)'
  if (caller.kind === 'token') return `the API token "${caller.name}"`
  return `${caller.name} (${caller.roles.length > 0 ? caller.roles.join(', ') : 'no role'})`
}

async function authorized(endpoint: Endpoint, caller: Caller, facts: Facts): Promise<WhyStep> {
  if (endpoint.rule === undefined) {
    return {
      step: 'authorize',
      passed: false,
      code: 'NOT_ACTIVATED',
      text: endpoint.activation ?? 'Nobody said who may call it.',
    }
  }
  const rule = await explain(endpoint.rule, facts)
  const passed = rule.passed
  const text = `It may be called by ${ruleText(endpoint.rule)}: ${passed ? 'this caller passes' : 'this caller does not'}.`
  if (passed) return { step: 'authorize', passed, text, rule }
  return { step: 'authorize', passed, text, rule, code: caller.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN' }
}

function contentStep(condition: Condition): WhyStep {
  const text =
    condition === true
      ? 'It sees every row.'
      : condition === false
        ? 'It sees no row at all.'
        : 'It sees only the rows that meet the condition.'
  return { step: 'content', passed: condition !== false, text, condition }
}

function stepAfter(steps: readonly WhyStep[]): WhyStep['step'] {
  const order = ['route', 'authenticate', 'authorize', 'content'] as const
  return order[steps.length] ?? 'content'
}

function statusOf(code: string): number {
  return { NOT_ACTIVATED: 412, UNAUTHENTICATED: 401, FORBIDDEN: 403 }[code] ?? 403
}
