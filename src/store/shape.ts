import type { Plan } from './port.ts'

/** Stands in a plan where a value was; `index` counts in the order in which `shapeOf` meets the values. */
export class Slot {
  readonly index: number
  /** Words to be matched are written in the database's own language. */
  readonly isWords: boolean

  constructor(index: number, isWords = false) {
    this.index = index
    this.isWords = isWords
  }
}

/**
 * What is left of a plan without its values, as a key; the values are added to `values`. On the hot path of every query:
 * two plans with one key differ in nothing but values, so one compiled statement serves both. Lists of values are filled
 * up to a power of two by repeating the last, so that a list's length hardly multiplies the shapes.
 */
export function shapeOf(plan: Plan, values: unknown[]): string {
  return describe(plan, values)
}

/** The plan with a `Slot` for each value, in the same order. Only for compiling. */
export function withSlots<P extends Plan>(plan: P): P {
  const counter = { next: 0 }
  return slotted(plan, counter) as P
}

/**
 * Says that a part of plans never changes, its values included; it is described once, whichever plans it stands in
 * (bench: read one). Only for parts of which there are few: what comes from a query is not one.
 */
export function constant<Part extends object>(part: Part): Part {
  const values: unknown[] = []
  const text = describe(part, values)
  const known = shortTexts.get(text) ?? `#${shortTexts.size}`
  shortTexts.set(text, known)
  described.set(part, { text: known, values })
  return part
}

interface Described {
  readonly text: string
  readonly values: readonly unknown[]
}

const described = new WeakMap<object, Described>()
/** What stands in keys for the texts of such parts: a key is looked up at each query, and a long one is dear to look up. */
const shortTexts = new Map<string, string>()

function describe(node: unknown, values: unknown[]): string {
  if (typeof node !== 'object' || node === null) return String(node)
  const known = described.get(node)
  if (known !== undefined) {
    for (const value of known.values) values.push(value)
    return known.text
  }
  if (Array.isArray(node)) {
    let text = '['
    for (const item of node) text += `${describe(item, values)},`
    return `${text}]`
  }
  let text = '{'
  for (const name in node) {
    const part: unknown = (node as Record<string, unknown>)[name]
    if (part === undefined) continue
    text += `${name}:${describePart(name, part, values)};`
  }
  return `${text}}`
}

function describePart(name: string, part: unknown, values: unknown[]): string {
  return holders.has(name) ? describeValues(name, part, values) : describe(part, values)
}

function describeValues(name: string, part: unknown, values: unknown[]): string {
  if (name === 'value' && part === null) return 'null'
  if (rowHolders.has(name))
    return Array.isArray(part) ? part.map((row) => describeRow(row, values)).join('|') : describeRow(part, values)
  if (name === 'in' && !Array.isArray(part)) return describe(part, values)
  if (!Array.isArray(part)) {
    values.push(part)
    return '?'
  }
  const filled = fill(part)
  values.push(...filled)
  return `?${filled.length}`
}

function describeRow(row: unknown, values: unknown[]): string {
  let text = ''
  for (const [name, value] of Object.entries(row as object)) {
    values.push(value)
    text += `${name},`
  }
  return text
}

function slotted(node: unknown, counter: { next: number }): unknown {
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map((item) => slotted(item, counter))
  const copy: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(node)) {
    if (part === undefined) continue
    copy[name] = holders.has(name) ? slottedValues(name, part, counter) : slotted(part, counter)
  }
  return copy
}

function slottedValues(name: string, part: unknown, counter: { next: number }): unknown {
  if (name === 'value' && part === null) return null
  if (rowHolders.has(name))
    return Array.isArray(part) ? part.map((row) => slottedRow(row, counter)) : slottedRow(part, counter)
  if (name === 'in' && !Array.isArray(part)) return slotted(part, counter)
  if (!Array.isArray(part)) return new Slot(counter.next++, name === 'words')
  return fill(part).map(() => new Slot(counter.next++))
}

function slottedRow(row: unknown, counter: { next: number }): Record<string, Slot> {
  return Object.fromEntries(Object.keys(row as object).map((name) => [name, new Slot(counter.next++)]))
}

function fill(list: readonly unknown[]): readonly unknown[] {
  if (list.length < 2) return list
  const size = 2 ** Math.ceil(Math.log2(list.length))
  const filled = [...list]
  while (filled.length < size) filled.push(list.at(-1))
  return filled
}

const rowHolders = new Set(['values', 'set', 'add'])
const holders = new Set([...rowHolders, 'value', 'in', 'like', 'limit', 'offset', 'start', 'words'])
