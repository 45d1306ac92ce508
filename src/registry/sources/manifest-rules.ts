import type { Rule } from '../../endpoint/rule.ts'
import { nearest } from '../../schema/nearest.ts'
import type { TypeFacts } from '../site-folder.ts'
import { isRecord } from '../is-record.ts'
import { wrong, type Fault } from './manifest-entry.ts'

/** What an entry's authorization may speak of. */
export interface RuleContext {
  readonly name: string
  readonly module: string
  readonly type: TypeFacts | undefined
  /** The path parameter at a segment, counted from 1 for the module; `undefined`: a literal, or outside the path. */
  readonly paramAt: (segment: number) => string | undefined
}

interface ReadRule {
  /** Absent: nobody said who may call. */
  readonly rule?: Rule
  readonly faults: readonly Fault[]
}

const forms = ['roles', 'userIds', 'userIdSegment', 'userCodeSegment', 'userOwnedSegment'] as const
type Form = (typeof forms)[number]

/** The authorization of an entry as a rule: any one part of it is enough. What is not understood is a fault, never a guess. */
export function readAuthorization(value: unknown, context: RuleContext): ReadRule {
  if (value === undefined || value === null) return { faults: [] }
  if (value === '*') return { rule: 'everyone', faults: [] }
  if (!isRecord(value))
    return { faults: [wrong(at, `authorization of "${context.name}" must be "*" or an object of rules.`)] }
  const read = Object.entries(value).map(([form, told]) => readForm(form, told, context))
  const faults = read.flatMap((one) => one.faults)
  const rules = read.flatMap((one) => one.rule ?? [])
  const [only] = rules
  if (faults.length > 0 || only === undefined) return { faults }
  return { rule: rules.length === 1 ? only : { any: rules }, faults }
}

const at = ['authorization']

function readForm(form: string, value: unknown, context: RuleContext): ReadRule {
  if (!isForm(form)) {
    const near = nearest(form, forms)
    const message = `"${context.name}" has an unknown rule "${form}"${near === undefined ? '' : `; did you mean "${near}"?`}`
    return {
      faults: [
        wrong([...at, form], message.endsWith('?') ? message : `${message}.`, `The rules are ${forms.join(', ')}.`),
      ],
    }
  }
  return readers[form](value, context)
}

const readers: Readonly<Record<Form, (value: unknown, context: RuleContext) => ReadRule>> = {
  roles: (value, { name }) => {
    if (isListOf(value, (role) => typeof role === 'string' && role !== '')) return ok({ role: value.map(String) })
    return bad('roles', `roles of "${name}" must be a list of role names.`)
  },
  userIds: (value, { name }) => {
    if (isListOf(value, isUserId)) return ok({ users: value.map(Number) })
    return bad('userIds', `userIds of "${name}" must be a list of user ids.`)
  },
  userIdSegment: (value, context) => {
    const { param, faults } = segmentParam(['userIdSegment'], value, context)
    return param === undefined ? { faults } : ok({ self: { param, by: 'id' } })
  },
  userCodeSegment: (value, context) => {
    const { param, faults } = segmentParam(['userCodeSegment'], value, context)
    return param === undefined ? { faults } : ok({ self: { param, by: 'code' } })
  },
  userOwnedSegment: readOwned,
}

function readOwned(value: unknown, context: RuleContext): ReadRule {
  const { name, module, type } = context
  if (!isRecord(value) || typeof value.column !== 'string') {
    return bad('userOwnedSegment', `userOwnedSegment of "${name}" must be { "column": "…", "segmentNum": … }.`)
  }
  const { column } = value
  if (type === undefined) {
    return bad(
      'userOwnedSegment',
      `userOwnedSegment of "${name}" needs an object type called "${module}"; there is none.`,
    )
  }
  if (!type.fields.includes(column)) {
    const near = nearest(column, type.fields)
    const message = `The type "${type.name}" has no field "${column}"${near === undefined ? '.' : `; did you mean "${near}"?`}`
    return { faults: [wrong([...at, 'userOwnedSegment', 'column'], message)] }
  }
  const { param, faults } = segmentParam(['userOwnedSegment', 'segmentNum'], value.segmentNum, context)
  return param === undefined ? { faults } : ok({ owner: { type: type.name, by: column, param } })
}

interface SegmentParam {
  readonly param?: string
  readonly faults: readonly Fault[]
}

function segmentParam(path: readonly string[], value: unknown, context: RuleContext): SegmentParam {
  const said = path.at(-1)
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    return bad(path, `${said} of "${context.name}" must be a segment number, counted from 1 for the module.`)
  }
  const param = context.paramAt(value)
  if (param !== undefined) return { param, faults: [] }
  return bad(path, `${said} of "${context.name}" is ${value}, but segment ${value} of its path is no argument.`)
}

function ok(rule: Rule): ReadRule {
  return { rule, faults: [] }
}

function bad(path: string | readonly string[], message: string): { readonly faults: readonly Fault[] } {
  return { faults: [wrong([...at, ...(typeof path === 'string' ? [path] : path)], message)] }
}

function isListOf(value: unknown, fits: (one: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every(fits)
}

/** The ancestor compares loosely: `"3"` is user 3 too. */
function isUserId(id: unknown): boolean {
  return typeof id === 'string' ? /^\d{1,15}$/.test(id) : Number.isSafeInteger(id)
}

function isForm(form: string): form is Form {
  return forms.some((one) => one === form)
}
