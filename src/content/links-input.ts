import { PosternError, type FieldError } from '../errors/postern-error.ts'
import { fieldKinds, Misfit } from './field-kinds.ts'
import type { Fields } from './define-type.ts'
import type { Field } from './field.ts'
import { isNamedValues, refuseOtherNames } from './named-values.ts'

/** One end of a link as it was asked for. */
export interface WantedLink {
  readonly id: number
  readonly position?: number
  readonly params?: Readonly<Record<string, unknown>>
}

/** `{ id, position?, params? }`, a bare id, or a list of either; the ancestor's names for the id and position are understood too. */
export function wantedLinks(value: unknown, params: Fields, path: string): readonly WantedLink[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length > mostLinks) throw new PosternError('BAD_REQUEST', `At most ${mostLinks} at once.`)
  return list.map((one, index) => wantedLink(one, params, Array.isArray(value) ? `${path}.${index}` : path))
}

function wantedLink(value: unknown, params: Fields, path: string): WantedLink {
  if (typeof value === 'number') return wantedLink({ id: value }, params, path)
  if (!isNamedValues(value)) throw refused(path, 'must name an object by its id')
  refuseOtherNames(value, names, path)
  const twice = [ids, positions].find((same) => same.filter((name) => name in value).length > 1)
  if (twice !== undefined) throw refused(path, `says ${twice.join(' or ')} twice`)
  const id = value['id'] ?? value['related_id'] ?? value['child_id']
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1)
    throw refused(`${path}.id`, 'must be the id of an object')
  const position = positionOf(value['position'] ?? value['priority'], path)
  return { id, ...position, ...paramsOf(value['params'], params, `${path}.params`) }
}

export function positionOf(value: unknown, path: string): { position?: number } {
  if (value === undefined || value === null) return {}
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= furthest)
    return { position: value }
  throw refused(`${path}.position`, `must be a whole number from 1 to ${furthest}`)
}

/** Values that the relation declares; without a declaration a link carries none. */
export function paramsOf(value: unknown, params: Fields, path: string): { params?: Readonly<Record<string, unknown>> } {
  const given = value ?? {}
  if (!isNamedValues(given)) throw refused(path, 'must be named values')
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(params, name))
  const errors: FieldError[] = unknown.map((name) => ({
    path: `${path}.${name.slice(0, 100)}`,
    message: 'is not known',
  }))
  const parsed: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(params)) {
    const fit = fitting(given[name] ?? field.default, field)
    if (fit instanceof Misfit) errors.push({ path: `${path}.${name}`, message: fit.message })
    else if (fit !== undefined) parsed[name] = fit
  }
  const [first] = errors
  if (first !== undefined) throw new PosternError('INVALID', `${first.path} ${first.message}.`, { errors })
  return Object.keys(parsed).length === 0 ? {} : { params: parsed }
}

function fitting(value: unknown, field: Field): unknown {
  if (value !== undefined && value !== null) return fieldKinds[field.kind].parse(value, field)
  return field.required === true ? new Misfit('is required') : undefined
}

function refused(path: string, message: string): PosternError {
  return new PosternError('INVALID', `${path} ${message}.`, { errors: [{ path, message }] })
}

const ids = ['id', 'related_id', 'child_id']
const positions = ['position', 'priority']
const names = [...ids, ...positions, 'params']
const mostLinks = 1_000
/** What is added later stands behind it and must still be a number that everybody writes alike. */
const furthest = 1_000_000_000
