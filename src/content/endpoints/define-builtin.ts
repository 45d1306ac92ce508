import type { Verb } from '../../endpoint/method.ts'
import {
  defaultBodyLimit,
  defaultTimeout,
  type Definition,
  type Endpoint,
  type Handler,
} from '../../endpoint/record.ts'
import type { Rule } from '../../endpoint/rule.ts'
import { freezeRecord } from '../../endpoint/to-definition.ts'

/** What differs between the built-in endpoints of content. */
export interface Standing {
  readonly id: string
  readonly methods: readonly Verb[]
  readonly path: string
  /** Absent: it takes none. */
  readonly query?: readonly string[]
  readonly schemas?: Endpoint['schemas']
  readonly description: string
  readonly indexed?: string
  readonly envelope?: string
  /** Absent: `objects`. */
  readonly group?: string
  /** Absent: everyone; the types' rules decide on rows. */
  readonly rule?: Rule
}

/** Its record and code. */
export function define(standing: Standing, handler: Handler): Definition {
  const { query = [], methods, schemas = {}, ...rest } = standing
  const record = freezeRecord({
    envelope: 'objects',
    ...rest,
    schemas,
    group: rest.group ?? 'objects',
    rule: rest.rule ?? 'everyone',
    methods,
    source: 'builtin',
    origin: { file: 'postern:content' },
    place: 'house',
    allowedQuery: Object.fromEntries(methods.map((verb) => [verb, [...query].toSorted()])),
    timeout: defaultTimeout,
    bodyLimit: defaultBodyLimit,
  })
  return Object.freeze({ record, schemas: {}, handler, before: [], after: [] })
}
