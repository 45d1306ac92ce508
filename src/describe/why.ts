import type { HeldField } from '../content/explain-fields.ts'
import type { AskedBelow, HeldBack } from '../content/explain-guards.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Facts } from '../rules/check.ts'
import { explain, type Explained } from '../rules/explain.ts'
import { ruleText } from '../rules/rule-text.ts'
import type { Condition } from '../schema/condition.ts'
import { askedText, heldText } from './below-text.ts'
import { fieldsText } from './field-text.ts'

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
  /** Of `content`, where a list is read: how many rows there are for this caller, and how many the condition hides. */
  readonly rows?: SeenRows
  /** Of `content`: the fields that this caller is not answered, private ones among them. */
  readonly removed?: readonly string[]
  /** Of `content`: the fields whose own rules keep this caller from reading or writing them, in all rows or in some. */
  readonly fields?: readonly HeldField[]
  /** Of `content`: the sections whose rules for what lies below them hold the object back. */
  readonly held?: readonly HeldBack[]
}

export interface SeenRows {
  readonly seen: number
  readonly hidden: number
  /** Nobody counted on beyond ten thousand. */
  readonly at_least: boolean
}

/** What the rules of the content leave of an operation that the endpoint's own rule lets through. */
export interface SeenContent {
  readonly type: string
  /** Absent where nobody said who has the right. */
  readonly condition: Condition | undefined
  readonly removed: readonly string[]
  /** Absent: no field has a rule that keeps the caller from it. */
  readonly fields?: readonly HeldField[]
  readonly rows?: SeenRows
  /** The one object that the path names, where it is there at all. */
  readonly object?: 'seen' | 'hidden'
  /** What an operation on that object is refused with. */
  readonly refused?: { readonly code: string; readonly text: string }
  /** The sections whose rules hold the object back, or what lies in it. */
  readonly held?: readonly HeldBack[]
  /** The rules of sections that rows below them have to meet. */
  readonly asked?: readonly AskedBelow[]
}

/** What judging asks; each may throw what the road would throw. */
export interface WhyPorts {
  readonly route: () => { readonly endpoint: Endpoint; readonly params: Readonly<Record<string, string>> }
  readonly caller: () => Caller | Promise<Caller>
  /** What cannot be judged of this caller without a request, in a sentence. */
  readonly leftOpen?: (caller: Caller) => Promise<string | undefined>
  readonly facts: (caller: Caller, params: Readonly<Record<string, string>>) => Facts
  /** Throws where the endpoint is switched off, or the scopes of the caller's token do not reach. */
  readonly admit?: (endpoint: Endpoint, caller: Caller) => void
  /** What the rules of the content it reads make of this caller; undefined where that cannot be told. */
  readonly content?: (
    endpoint: Endpoint,
    caller: Caller,
    params: Readonly<Record<string, string>>,
  ) => Promise<SeenContent | undefined>
}

/** Follows the order of the road, and stops where the road would. */
export async function why(ports: WhyPorts): Promise<Why> {
  const steps: WhyStep[] = []
  try {
    const { endpoint, params } = ports.route()
    steps.push({ step: 'route', passed: true, text: `${endpoint.id}, from ${endpoint.origin.file}.` })
    const caller = await ports.caller()
    const open = await ports.leftOpen?.(caller)
    const who = `The caller is ${callerText(caller)}.`
    steps.push({ step: 'authenticate', passed: true, text: open === undefined ? who : `${who} ${open}` })
    ports.admit?.(endpoint, caller)
    steps.push(await authorized(endpoint, caller, ports.facts(caller, params)))
    const seen = steps.at(-1)?.passed ? await ports.content?.(endpoint, caller, params) : undefined
    if (seen !== undefined) steps.push(contentStep(seen, caller))
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

function contentStep(seen: SeenContent, caller: Caller): WhyStep {
  const { condition, removed, fields = [], rows, object, refused, held = [], asked = [] } = seen
  const told = toldOf(seen)
  const without = fieldsText(removed, fields)
  if (refused !== undefined) {
    const text = `${refusedText(seen, refused)}${heldText(held)}`
    return { ...told, passed: false, code: refused.code, text }
  }
  if (condition === false && object === undefined) {
    const code = caller.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN'
    return { ...told, passed: false, code, text: `It reaches no row of type ${seen.type} at all.` }
  }
  const reached = `${reachText(seen)}${heldText(held)}${askedText(asked)}`
  return { ...told, passed: true, text: `${reached}${rows ? ` ${rowsText(rows)}` : ''}${without}` }
}

function toldOf({ condition, removed, fields = [], rows, held = [] }: SeenContent): Omit<WhyStep, 'passed' | 'text'> {
  return {
    step: 'content',
    ...(condition !== undefined && { condition }),
    ...(removed.length > 0 && { removed }),
    ...(fields.length > 0 && { fields }),
    ...(rows && { rows }),
    ...(held.length > 0 && { held }),
  }
}

/** What is hidden is answered as if it were not there; here alone it is told that it is. */
function refusedText(
  { type, object, condition, held = [] }: SeenContent,
  refused: { code: string; text: string },
): string {
  if (object !== 'hidden' || refused.code !== 'NOT_FOUND') return refused.text
  const there = `There is such an object of type ${type}`
  if (condition === undefined)
    return `${there}, and nobody said who may do this with it: to this caller it is not there.`
  return held.length > 0 ? `${there}.` : `${there}, and the rule hides it from this caller.`
}

function reachText({ condition, type, object }: SeenContent): string {
  const where =
    condition === true || condition === undefined ? '' : ', and reaches it as long as it meets the condition'
  if (object === 'seen') return `This caller sees the object, of type ${type}${where}.`
  if (object === 'hidden') return `This caller does not see the object, of type ${type}, but may do this with it.`
  if (condition === true) return `It reaches every row of type ${type}.`
  return `It reaches only the rows of type ${type} that meet the condition.`
}

function rowsText({ seen, hidden, at_least: atLeast }: SeenRows): string {
  return `${seen} ${seen === 1 ? 'row is' : 'rows are'} seen, ${atLeast ? 'at least ' : ''}${hidden} hidden.`
}

function stepAfter(steps: readonly WhyStep[]): WhyStep['step'] {
  const order = ['route', 'authenticate', 'authorize', 'content'] as const
  return order[steps.length] ?? 'content'
}

function statusOf(code: string): number {
  return { NOT_ACTIVATED: 412, UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404 }[code] ?? 403
}
