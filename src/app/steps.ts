import type { Accounts } from '../accounts/accounts.ts'
import type { Caller } from '../endpoint/caller.ts'
import type { Endpoint } from '../endpoint/record.ts'
import type { OwnerRule } from '../endpoint/rule.ts'
import { must } from '../errors/must.ts'
import { isPosternError } from '../errors/postern-error.ts'
import type { Observer } from '../observe/observer.ts'
import type { Incoming } from '../pipeline/incoming.ts'
import { opener, type Secrets } from '../pipeline/open.ts'
import type { Asked, Ports, Services } from '../pipeline/ports.ts'
import { perform } from '../pipeline/run.ts'
import { authorize, type AuthorizeFacts } from '../rules/authorize.ts'
import type { ActingCallers } from './acting-callers.ts'
import { HouseStage } from './house-stage.ts'
import type { Refusals } from './refusals.ts'
import type { Serving } from './serving.ts'

export interface StepsOptions {
  readonly serving: () => Serving
  readonly accounts: Accounts
  readonly services: Services
  readonly observer: Observer
  readonly secrets: Secrets
  readonly refusals: Refusals
  /** Absent outside development. */
  readonly acting?: ActingCallers
}

/** The pipeline's ports, fitted to the rooms. */
export function makeSteps(options: StepsOptions): Ports {
  const { serving, accounts, services, acting } = options
  return {
    route: (incoming) => serving().registry.route(incoming.method === 'HEAD' ? 'GET' : incoming.method, incoming.path),
    authenticate: (incoming) => acting?.callerOf(incoming) ?? accounts.identify(incoming),
    authorize: (endpoint, asked) => admit(endpoint, asked, options),
    open: opener(options.secrets),
    perform: (endpoint, call, incoming) => {
      if (endpoint.place === 'site') return serving().site.perform(endpoint.id, call, () => incoming.signal())
      const definition = must(serving().definitions.get(endpoint.id), 'a built-in endpoint has its code in the house')
      const stage = new HouseStage(services, incoming)
      const { attend } = services
      if (attend === undefined) return perform(definition, call, stage)
      return attend(
        () => stage.abort.signal,
        () => perform(definition, call, stage),
      )
    },
    note: (incoming, thrown, caller) => note(options, { incoming, thrown, caller }),
  }
}

/** Switched off? Too often? Allowed? In this order, and without a promise where none is needed. */
function admit(endpoint: Endpoint, asked: Asked, { accounts, serving }: StepsOptions): void | Promise<void> {
  const { caller, incoming } = asked
  accounts.refuseSwitched(endpoint)
  accounts.limit(endpoint, caller, incoming.ip)
  try {
    return authorize(endpoint, new Facts(asked, serving(), accounts))?.catch((thrown: unknown) => {
      noteRefusal(accounts, { endpoint, asked, thrown })
      throw thrown
    })
  } catch (thrown) {
    noteRefusal(accounts, { endpoint, asked, thrown })
    throw thrown
  }
}

/** Refusals of those who are known go into the audit log; strangers could fill it at will. */
function noteRefusal(
  accounts: Accounts,
  { endpoint, asked, thrown }: { endpoint: Endpoint; asked: Asked; thrown: unknown },
): void {
  const { caller, incoming } = asked
  if (caller.kind === 'anonymous' || !isPosternError(thrown)) return
  const detail = { endpoint: endpoint.id, code: thrown.code }
  accounts.note({ event: 'refused', caller, address: incoming.ip, request: incoming.id, detail })
}

/** What rules may ask, with nothing made before it is asked. */
class Facts implements AuthorizeFacts {
  readonly caller: Caller
  readonly params: Readonly<Record<string, string>>
  readonly #incoming: Incoming
  readonly #serving: Serving
  readonly #accounts: Accounts

  constructor({ incoming, params, caller }: Asked, serving: Serving, accounts: Accounts) {
    this.caller = caller
    this.params = params
    this.#incoming = incoming
    this.#serving = serving
    this.#accounts = accounts
  }

  inScope(): boolean {
    return this.#accounts.covers(this.caller, this.#incoming.method, this.#incoming.path)
  }

  ownerOf(owner: OwnerRule, value: string): Promise<number | null | undefined> {
    return this.#serving.room.ownerOf(owner, value)
  }

  async decide(name: string): Promise<boolean> {
    const { caller, params } = this
    const { method, path } = this.#incoming
    return (await this.#serving.site.decide(name, { caller, params, method, path })) === true
  }
}

interface Failed {
  readonly incoming: Incoming
  readonly thrown: unknown
  readonly caller: Caller | undefined
}

function note({ observer, refusals }: StepsOptions, { incoming, thrown, caller }: Failed): void {
  const ours = isPosternError(thrown) ? thrown : undefined
  const { code = 'INTERNAL', status = 500 } = ours ?? {}
  const { id, method, path } = incoming
  observer.note({ kind: 'request.failed', id, method, path, code, status, thrown })
  refusals.keep({ id, method, path, caller, code, status, at: Date.now() })
}
