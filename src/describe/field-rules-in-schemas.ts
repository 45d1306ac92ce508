import type { Caller } from '../endpoint/caller.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { parseRule } from '../rules/parse.ts'
import { ruleWords } from '../schema/rule-words.ts'
import type { JsonSchema } from '../schema/standard.ts'
import { isRecord } from './inputs.ts'
import { rowOutlook } from './outlook.ts'

/**
 * The endpoint as this caller may know it: without the fields that they can never read in its answers, or write in its body.
 * Made once for each outcome, so that what is written from records can be told to be the same.
 */
export function withoutClosedFields(endpoint: Endpoint, caller: Caller): Endpoint {
  const { body, response } = endpoint.schemas
  if (!isMarked(endpoint)) return endpoint
  const verdicts: boolean[] = []
  const told = {
    ...endpoint.schemas,
    ...(response === undefined ? {} : { response: reduced(response, { word: ruleWords.read, caller, verdicts }) }),
    ...(body === undefined ? {} : { body: reduced(body, { word: ruleWords.write, caller, verdicts }) }),
  }
  const known = made.get(endpoint) ?? new Map<string, Endpoint>()
  made.set(endpoint, known)
  const key = verdicts.map(Number).join('')
  const found = known.get(key) ?? Object.freeze({ ...endpoint, schemas: told })
  known.set(key, found)
  return found
}

interface Reducing {
  readonly word: string
  readonly caller: Caller
  /** Of each property with a rule, in their order, whether it is left in. */
  readonly verdicts: boolean[]
}

/** Worked out once: records are frozen. */
function isMarked(endpoint: Endpoint): boolean {
  const known = marked.get(endpoint)
  if (known !== undefined) return known
  const { body, response } = endpoint.schemas
  const found = /"x-postern-(?:read|write)":/.test(JSON.stringify([body, response]))
  marked.set(endpoint, found)
  return found
}

function reduced(schema: JsonSchema, by: Reducing): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      if (key === ruleWords.read || key === ruleWords.write) return []
      if (key === 'properties' && isRecord(value)) return [[key, openProperties(value, by)]]
      return [[key, reducedValue(value, by)]]
    }),
  )
}

function reducedValue(value: unknown, by: Reducing): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => reducedValue(one, by))
  return isRecord(value) ? reduced(value, by) : value
}

function openProperties(properties: Readonly<Record<string, unknown>>, by: Reducing): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) => {
      if (!isRecord(property)) return [[name, property]]
      // What may not be read is not told as something to be written either: private fields are not.
      const words = [by.word, ruleWords.read].filter((word) => Object.hasOwn(property, word))
      const isOpen = words.every((word) => rowOutlook(parseRule(property[word]), by.caller) !== 'no')
      if (words.length > 0) by.verdicts.push(isOpen)
      return isOpen ? [[name, reduced(property, by)]] : []
    }),
  )
}

const marked = new WeakMap<Endpoint, boolean>()
const made = new WeakMap<Endpoint, Map<string, Endpoint>>()
