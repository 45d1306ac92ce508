import { errorTable, type ErrorCode } from '../errors/table.ts'
import { byStatus } from './implied-errors.ts'

export interface Refusals {
  /** Status → reference, for an operation's `responses`. */
  readonly responses: Readonly<Record<string, unknown>>
  /** What is referred to, for `components.responses`: the same codes are described once for all operations. */
  readonly components: Readonly<Record<string, unknown>>
}

/** What is refused with these codes, and with any other. */
export function refusalsOf(codes: readonly ErrorCode[]): Refusals {
  const named = [...byStatus(codes)].map(([status, same]) => ({
    status: `${status}`,
    name: [status, ...same].join('.'),
    same,
  }))
  const all = [...named, { status: 'default', name: 'Problem', same: [] }]
  return {
    responses: Object.fromEntries(all.map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }])),
    components: Object.fromEntries(all.map(({ name, same }) => [name, response(same)])),
  }
}

function response(codes: readonly ErrorCode[]): unknown {
  const told = codes.map((code) => `\`${code}\` ${errorTable[code].title}`).join('; ')
  const schema = { $ref: '#/components/schemas/Problem' }
  return {
    description: told === '' ? 'Any other problem.' : `${told}.`,
    content: { 'application/problem+json': { schema } },
  }
}
