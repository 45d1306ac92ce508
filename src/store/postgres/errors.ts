import { DatabaseError } from 'pg'
import { PosternError } from '../../errors/postern-error.ts'

/** What the driver throws, in the words of the house. What is not foreseen stays as it is and becomes INTERNAL. */
export function translated(thrown: unknown): unknown {
  if (isLost(thrown)) return unavailable('The database is away for a moment', thrown)
  if (!(thrown instanceof DatabaseError)) return thrown
  switch (thrown.code) {
    case uniqueViolated:
      return conflict(thrown)
    case foreignKeyViolated:
      return new PosternError('CONFLICT', 'Something refers to what is not there', { cause: thrown })
    case diskFull:
      return new PosternError('FULL', 'The disk is full; nothing was written', { cause: thrown })
    case diskFailed:
      return unavailable('The disk of the database failed; nothing was written', thrown)
    case lockNotAvailable:
    case deadlock:
    case serializationFailed:
      return unavailable('Other writers were in the way', thrown)
    case cancelled:
      return unavailable('The query took too long and was given up', thrown)
    default:
      return thrown
  }
}

/**
 * Whether the connection is of no use any more: the server or the way to it is gone, is starting or stopping, has become
 * a standby, or holds statements prepared for tables that look otherwise now.
 */
export function isLost(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  if (thrown instanceof DatabaseError) {
    const code = thrown.code ?? ''
    return code.startsWith('08') || code.startsWith('57P') || lostCodes.has(code) || isOutdated(thrown)
  }
  if ('code' in thrown && typeof thrown.code === 'string' && socketCodes.has(thrown.code)) return true
  return lostWords.test(thrown.message)
}

export function isMissingTable(thrown: unknown): boolean {
  return thrown instanceof DatabaseError && thrown.code === undefinedTable
}

export function unavailable(detail: string, cause?: unknown): PosternError {
  return new PosternError('UNAVAILABLE', detail, { headers: { 'retry-after': '1' }, cause })
}

function isOutdated(thrown: DatabaseError): boolean {
  return thrown.code === invalidStatement || (thrown.code === notSupported && /cached plan/.test(thrown.message))
}

/** The detail reads `Key (a, b)=(1, 2) already exists.`, also in other languages as far as the first parentheses go. */
function conflict(thrown: DatabaseError): PosternError {
  const inside = /^[^(]*\(([^=]+)\)=\(/.exec(thrown.detail ?? '')?.[1] ?? thrown.constraint ?? ''
  const columns = inside.split(', ').map((name) => name.replaceAll('"', ''))
  const errors = columns.map((path) => ({ path, message: 'is already taken' }))
  return new PosternError('CONFLICT', `Already taken: ${columns.join(', ')}`, { errors, cause: thrown })
}

const undefinedTable = '42P01'
const uniqueViolated = '23505'
const foreignKeyViolated = '23503'
const diskFull = '53100'
const diskFailed = '58030'
const lockNotAvailable = '55P03'
const deadlock = '40P01'
const serializationFailed = '40001'
const cancelled = '57014'
const notSupported = '0A000'
const invalidStatement = '26000'
/** Too many connections; read-only, which a server is after another one took over; ended while idle. */
const lostCodes = new Set(['53300', '25006', '25P03', '25P04'])
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
/** The driver gives these no code. */
const lostWords =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|Query read timeout)/
