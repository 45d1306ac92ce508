import type { Accounts } from '../accounts/accounts.ts'
import type { ActAs, WhyAsked, WhyRefused } from '../describe/ports.ts'
import { callerText, why, type Why } from '../describe/why.ts'
import { anonymous, type Caller } from '../endpoint/caller.ts'
import { isVerb, type Verb } from '../endpoint/method.ts'
import { PosternError } from '../errors/postern-error.ts'
import { redactText, redactUrl } from '../observe/redact.ts'
import { explainContent } from './explain-content.ts'
import type { Refusal } from './refusals.ts'
import type { Serving } from './serving.ts'

export interface Judging {
  readonly serving: () => Serving
  readonly accounts: Accounts
}

/** Why a request would be let through or refused, judged by the table, the rules and the content that serve now. */
export function explainRequest(judging: Judging, asked: WhyAsked): Promise<Why> {
  const [path = '', search = ''] = asked.path.split('?')
  const { method, as } = asked
  return explain(judging, {
    method,
    path,
    search,
    caller: () => callerAsked(judging, as),
  })
}

function callerAsked(judging: Judging, as: WhyAsked['as']): Caller | Promise<Caller> {
  if (as === undefined) return anonymous
  return 'credential' in as ? callerShowing(judging.accounts, as.credential) : callerFor(judging, as)
}

/** What was refused then, and what would become of it now. */
export async function explainRefusal(judging: Judging, refusal: Refusal): Promise<WhyRefused> {
  const { id, path, caller, code, status, at } = refusal
  const method = refusal.method === 'HEAD' ? 'GET' : refusal.method
  const now = isVerb(method)
    ? await explain(judging, { method, path, caller: () => callerNow(judging, caller) })
    : { steps: [], status: 405 }
  const time = new Date(at).toISOString()
  return {
    request: {
      id,
      time,
      method,
      path: redactUrl(path, ''),
      ...(caller && { caller: callerText(caller) }),
      code,
      status,
    },
    steps: now.steps.map((step) => ({ ...step, text: redactText(step.text) })),
    status: now.status,
  }
}

interface Described {
  readonly method: Verb
  readonly path: string
  readonly search?: string
  readonly caller: () => Caller | Promise<Caller>
}

function explain({ serving, accounts }: Judging, { method, path, search = '', caller: who }: Described): Promise<Why> {
  const { registry, room, site } = serving()
  return why({
    route: () => registry.route(method, path),
    caller: who,
    leftOpen: (caller) => leftOpen(accounts, caller),
    admit: (endpoint, caller) => {
      accounts.refuseSwitched(endpoint)
      if (!accounts.covers(caller, method, path))
        throw new PosternError('OUT_OF_SCOPE', 'The token was not made for this endpoint.')
    },
    facts: (caller, params) => ({
      caller,
      params,
      ownerOf: (owner, value) => room.ownerOf(owner, value),
      decide: async (name) => (await site.decide(name, { caller, params, method, path })) === true,
    }),
    content: (endpoint, caller, params) =>
      explainContent(serving(), { endpoint, caller, params, method, path, search }),
  })
}

/** A user or token as they are; or somebody made up, who has one role and what it inherits and owns nothing. */
export async function callerFor({ accounts }: Pick<Judging, 'accounts'>, as: ActAs): Promise<Caller> {
  if ('token' in as) return tokenFor(accounts, as.token)
  if ('role' in as) {
    accounts.room.roles.refuseUnknown([as.role])
    const roles = accounts.room.roles.unfold([as.role])
    return { kind: 'user', id: 0, name: `anyone with role ${as.role}`, code: '', roles, via: 'session' }
  }
  const user = await accounts.requireUser(as.user)
  const caller = await accounts.callerAs(user.id)
  if (caller !== undefined) return caller
  throw new PosternError('INVALID', `The account of ${user.name} is out of use.`)
}

async function tokenFor(accounts: Accounts, reference: string): Promise<Caller> {
  const { id, name } = await accounts.requireToken(reference)
  const caller = await accounts.callerBehind({ token: id })
  if (caller !== undefined) return caller
  throw new PosternError('BAD_CREDENTIAL', `The API token "${name}" is expired, or its user is out of use.`)
}

async function callerShowing(accounts: Accounts, secret: string): Promise<Caller> {
  const caller = await accounts.callerBehind({ secret })
  if (caller !== undefined) return caller
  throw new PosternError('BAD_CREDENTIAL', 'The credential is unknown, expired or revoked.')
}

/** What holds of the caller's token and cannot be judged of a request that nobody sent. */
async function leftOpen(accounts: Accounts, caller: Caller): Promise<string | undefined> {
  if (caller.kind === 'anonymous' || caller.tokenId === undefined) return undefined
  const token = await accounts.findToken(caller.tokenId)
  if (!token?.addresses) return undefined
  return `The token is good from ${token.addresses.join(', ')} only, which is not judged here.`
}

/** Whoever asked then, with the rights they have now and the scopes that their token had. */
async function callerNow({ accounts }: Judging, caller: Caller | undefined): Promise<Caller> {
  if (caller === undefined) {
    const detail = 'It was refused before it was known who asks; the credential was not kept.'
    throw new PosternError('BAD_CREDENTIAL', detail)
  }
  if (caller.kind !== 'user' || caller.id === 0) return caller
  const now = await accounts.callerAs(caller.id)
  if (now === undefined) throw new PosternError('BAD_CREDENTIAL', `The account of ${caller.name} is out of use.`)
  return { ...caller, name: now.name, code: now.code, roles: now.roles }
}
