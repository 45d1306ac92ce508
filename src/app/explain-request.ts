import type { Accounts } from '../accounts/accounts.ts'
import { condition, type Right } from '../content/access.ts'
import type { ActAs, WhyAsked } from '../describe/ports.ts'
import { why, type Why } from '../describe/why.ts'
import { anonymous, type Caller, type UserCaller } from '../endpoint/caller.ts'
import type { Verb } from '../endpoint/method.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Condition } from '../schema/condition.ts'
import type { Serving } from './serving.ts'

export interface Judging {
  readonly serving: () => Serving
  readonly accounts: Accounts
}

/** Why a request would be let through or refused, judged by the table, the rules and the content that serve now. */
export async function explainRequest(judging: Judging, asked: WhyAsked): Promise<Why> {
  const { registry, room, site } = judging.serving()
  const [path = ''] = asked.path.split('?')
  const { method, as } = asked
  return why({
    route: () => registry.route(method, path),
    caller: () => (as === undefined ? anonymous : callerFor(judging, as)),
    facts: (caller, params) => ({
      caller,
      params,
      ownerOf: (owner, value) => room.ownerOf(owner, value),
      decide: (name) => site.decide(name, { caller, params, method, path }),
    }),
    condition: (endpoint, caller) => rowsFor(judging.serving(), endpoint, { caller, method, path }),
  })
}

/** A user as they are; or somebody made up, who has one role and what it inherits and owns nothing. */
export async function callerFor({ accounts }: Pick<Judging, 'accounts'>, as: ActAs): Promise<UserCaller> {
  if ('role' in as) {
    accounts.room.roles.refuseUnknown([as.role])
    const roles = accounts.room.roles.unfold([as.role])
    return { kind: 'user', id: 0, name: `anyone with role ${as.role}`, code: '', roles, via: 'session' }
  }
  const user = await accounts.requireUser(as.user)
  const caller: Caller | undefined = await accounts.callerAs(user.id)
  if (caller?.kind === 'user') return caller
  throw new PosternError('INVALID', `The account of ${user.name} is out of use.`)
}

interface Reading {
  readonly caller: Caller
  readonly method: Verb
  readonly path: string
}

const rights: Readonly<Record<Verb, Right>> = {
  GET: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
}

/** Of the type that the path names, where a built-in operation reads or changes its rows. */
async function rowsFor({ room, site }: Serving, endpoint: Endpoint, reading: Reading): Promise<Condition | undefined> {
  if (endpoint.place === 'site') return undefined
  const { caller, method, path } = reading
  const type = path
    .split('/')
    .map((segment) => room.types.get(segment))
    .find((found) => found !== undefined)
  if (type === undefined) return undefined
  const decide = (name: string) => site.decide(name, { caller, params: {}, method, path })
  return condition(type, rights[method], { actor: { caller }, decide })
}
