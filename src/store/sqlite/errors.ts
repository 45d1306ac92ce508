import { PosternError } from '../../errors/postern-error.ts'

/** What the driver throws, in the words of the house. What is not foreseen stays as it is and becomes INTERNAL. */
export function translated(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return thrown
  const { errcode: code } = thrown
  if (code === uniqueViolated || code === primaryKeyViolated) return conflict(thrown)
  if (code === foreignKeyViolated)
    return new PosternError('CONFLICT', 'Something refers to what is not there', { cause: thrown })
  switch (code & 0xff) {
    case full:
      return new PosternError('FULL', 'The disk is full; nothing was written', { cause: thrown })
    case busy:
    case locked:
      return unavailable('Another program is writing to the database', thrown)
    case inputOutput:
    case cannotOpen:
      return unavailable('The database file cannot be read or written', thrown)
    default:
      return thrown
  }
}

export function isBusy(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    'errcode' in thrown &&
    typeof thrown.errcode === 'number' &&
    (thrown.errcode & 0xff) === busy
  )
}

/** The file, or the disk under it, can no longer be relied upon; also where that was told in the words of the house. */
export function isDiskFailure(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  if (thrown instanceof PosternError) return isDiskFailure(thrown.cause)
  return 'errcode' in thrown && typeof thrown.errcode === 'number' && diskFailures.has(thrown.errcode & 0xff)
}

function conflict(thrown: Error): PosternError {
  const columns = (thrown.message.split('failed: ')[1] ?? '').split(', ').map((name) => name.split('.').at(-1) ?? name)
  const errors = columns.map((path) => ({ path, message: 'is already taken' }))
  return new PosternError('CONFLICT', `Already taken: ${columns.join(', ')}`, { errors, cause: thrown })
}

function unavailable(detail: string, cause: Error): PosternError {
  return new PosternError('UNAVAILABLE', detail, { headers: { 'retry-after': '1' }, cause })
}

const busy = 5
const locked = 6
const inputOutput = 10
const full = 13
const cannotOpen = 14
const corrupt = 11
const notADatabase = 26
const diskFailures = new Set([inputOutput, corrupt, cannotOpen, notADatabase])
const foreignKeyViolated = 787
const primaryKeyViolated = 1555
const uniqueViolated = 2067
