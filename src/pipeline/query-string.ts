import { PosternError } from '../errors/postern-error.ts'

export type Query = Readonly<Record<string, string>>

const none: Query = Object.freeze(Object.create(null) as Record<string, string>)
const maxNames = 100
const maxLength = 8_192
const maxDepth = 3
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * A query string as flat text: names are kept as written (`filter[name]`), each at most once. Refuses what two readers
 * could understand differently: repeated names, bad encoding, deep brackets, names that reach into prototypes.
 */
export function parseQuery(search: string): Query {
  if (search === '') return none
  const query = Object.create(null) as Record<string, string>
  const pairs = search.split('&')
  if (pairs.length > maxNames) throw bad(`More than ${maxNames} names.`)
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1))
    refuseName(name)
    if (name in query) throw bad(`The name ${JSON.stringify(name)} is given more than once.`)
    if (value.length > maxLength)
      throw bad(`The value of ${JSON.stringify(name)} is longer than ${maxLength} characters.`)
    query[name] = value
  }
  return query
}

function refuseName(name: string): void {
  if (plainName.test(name) && !forbidden.has(name)) return
  if (name === '' || name.length > 200) throw bad('A name is empty or longer than 200 characters.')
  const parts = name.split(/[[\].]/)
  if (name.split('[').length - 1 > maxDepth)
    throw bad(`The name ${JSON.stringify(name)} is nested deeper than ${maxDepth}.`)
  const reserved = parts.find((part) => forbidden.has(part))
  if (reserved !== undefined) throw bad(`The name ${JSON.stringify(reserved)} is not allowed anywhere.`)
}

/** Nearly every name, told at a glance. */
const plainName = /^[a-z0-9_-]{1,60}$/i

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    const decoded = decodeURIComponent(spaced)
    if (decoded.includes('\0')) throw bad('The query string holds a NUL character.')
    return decoded
  } catch (cause) {
    if (cause instanceof PosternError) throw cause
    throw new PosternError('BAD_QUERY', 'The query string is not percent-encoded UTF-8.', { cause })
  }
}

function bad(detail: string): PosternError {
  return new PosternError('BAD_QUERY', detail)
}
