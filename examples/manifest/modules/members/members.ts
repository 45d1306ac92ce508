import { PosternError, type Call, type HookInput, type HookOutput } from 'postern'

/** Declared nowhere: it answers because the site says `modules.undeclared: 'open'`. */
export function hello() {
  return 'hello'
}

/** `/members/account/AAA`: the rule in the manifest has let the admin or the owner through, and nobody else. */
export async function account(call: Call, code?: string) {
  const { data } = await call.content.list('members', { filter: { code: { eq: [code ?? ''] } } })
  const [member] = data
  if (!member) throw new PosternError('BAD_REQUEST', 'Invalid member code')
  return { code: member.code, name: member.name }
}

/** Before a member is made or changed. A name that begins with `_` is never reachable. */
export function _tidy(input: HookInput) {
  const { params } = input
  if (typeof params === 'object' && params !== null && 'name' in params) params.name = String(params.name).trim()
  return input
}

/** What comes after decides what is answered. */
export function _welcome(output: HookOutput) {
  return { ...output, body: { welcome: output.body } }
}
