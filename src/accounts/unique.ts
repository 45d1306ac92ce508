import { PosternError } from '../errors/postern-error.ts'

/** Runs a write and names a taken value by its field, since people know nothing of the columns it is compared in. */
export async function onlyOnce<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (thrown) {
    if (!(thrown instanceof PosternError) || thrown.code !== 'CONFLICT') throw thrown
    const fields = thrown.errors.map((error) => error.path.replace(/_key$/, ''))
    const errors = fields.map((field) => ({ path: `body.${field}`, message: 'is already taken' }))
    throw new PosternError('CONFLICT', `Already taken: ${fields.join(', ')}.`, { errors, cause: thrown })
  }
}
