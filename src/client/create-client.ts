import { ApiError } from './api-error.ts'
import { keepSession } from './keep-session.ts'
import { listItems } from './list-items.ts'
import { prepare, read, send, type Options, type Parts } from './request.ts'
import { memoryStore, type SessionStore } from './session.ts'

/** One method and path of a site, as `postern types` writes it. */
export interface Described {
  readonly input: object
  readonly answer: unknown
}

/** May be left out where nothing in it must be given. */
export type Arguments<Entry> = Entry extends Described
  ? Record<never, never> extends Entry['input']
    ? [input?: Entry['input'] & Options]
    : [input: Entry['input'] & Options]
  : [input?: Parts & Options]

export type Answer<Entry> = Entry extends Described ? Entry['answer'] : unknown

/** One item of a list's answer: of its `data` where it is enveloped, of the answer itself where it is an array. */
export type Item<Entry> =
  Answer<Entry> extends { readonly data: readonly (infer One)[] }
    ? One
    : Answer<Entry> extends readonly (infer One)[]
      ? One
      : unknown

export interface Client<Site> {
  /** `await api.call('GET /api/items/:code', { params: { code: 'AAA' } })`; throws `ApiError`. */
  readonly call: <Name extends keyof Site & string>(
    name: Name,
    ...input: Arguments<Site[Name]>
  ) => Promise<Answer<Site[Name]>>
  /** Every item of a list, page after page, fetched as they are asked for. */
  readonly list: <Name extends keyof Site & string>(
    name: Name,
    ...input: Arguments<Site[Name]>
  ) => AsyncGenerator<Item<Site[Name]>, void>
  /** `code` is of the second factor, for whom it is switched on. */
  readonly signIn: (username: string, password: string, code?: string) => Promise<void>
  /** Ends the session on the server, here or everywhere; forgets it in any case. */
  readonly signOut: (where?: 'here' | 'everywhere') => Promise<void>
  readonly isSignedIn: () => boolean
}

export interface ClientOptions {
  /** An API token; a session from `signIn` goes before it. */
  readonly token?: string
  readonly store?: SessionStore
  readonly fetch?: typeof fetch
  readonly headers?: Readonly<Record<string, string>>
}

/** `url` is the site's address, such as `https://example.org`. */
export function createClient<Site>(url: string, options: ClientOptions = {}): Client<Site> {
  const base = url.replace(/\/$/, '')
  const keeper = keepSession(options.store ?? memoryStore(), request)

  async function request(name: string, given: Parts & Options, credential: string | undefined): Promise<unknown> {
    const prepared = prepare(base, name, { ...given, headers: { ...options.headers, ...given.headers } })
    if (credential !== undefined) prepared.init.headers['authorization'] ??= `Bearer ${credential}`
    return read(await send(options.fetch ?? fetch, prepared))
  }

  async function call(name: string, given: Parts & Options = {}): Promise<unknown> {
    const session = await keeper.fresh()
    try {
      return await request(name, given, session?.accessToken ?? options.token)
    } catch (thrown) {
      if (!ApiError.is(thrown, 'BAD_CREDENTIAL') || !session) throw thrown
      const renewed = await keeper.renewed(session)
      if (!renewed) throw thrown
      return request(name, given, renewed.accessToken)
    }
  }

  return {
    call,
    list: (name: string, given: Parts & Options = {}) => listItems(call, name, given),
    signIn: keeper.signIn,
    signOut: keeper.signOut,
    isSignedIn: keeper.isSignedIn,
  } as Client<Site>
}
