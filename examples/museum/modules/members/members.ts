import { type Call, PosternError } from 'postern'

export function hello(): string {
  return 'Hello from the friends of the museum'
}

/** Who may call it stands in api.json, and the road has checked it before this line is reached. */
export async function account(call: Call, code: string): Promise<unknown> {
  const found = await call.content.list('member', { filter: { code }, page_size: 1 })
  const member = found.data[0]
  if (member === undefined) throw new PosternError('BAD_PARAM', 'Invalid member code')
  return member
}
