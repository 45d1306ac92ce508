import { PosternError } from '../../errors/postern-error.ts'

/**
 * One address for each server that a URL names, in the order in which they are tried. Several are written as libpq reads
 * them: `postgres://user@one:5432,two:5433/name`, or `…/name?host=one,two&port=5432,5433`. Refuses (BAD_SETTING) what is none.
 */
export function serversOf(url: string): readonly string[] {
  const known = servers.get(url)
  if (known !== undefined) return known
  const found = read(url)
  servers.set(url, found)
  return found
}

/** The one that led when it was last looked for. */
export function leadingServer(url: string): string {
  const all = serversOf(url)
  return all[leading.get(url) ?? 0] ?? url
}

/** Tries one after another, from the one that led on, until it is let in; rejects as the last one did. */
export async function onLeading<Result>(url: string, enter: (server: string) => Promise<Result>): Promise<Result> {
  const all = serversOf(url)
  const first = leading.get(url) ?? 0
  let refusal: unknown
  for (let turn = 0; turn < all.length; turn++) {
    const index = (first + turn) % all.length
    try {
      const result = await enter(all[index] ?? url)
      leading.set(url, index)
      return result
    } catch (thrown) {
      refusal = thrown
    }
  }
  throw refusal
}

/** Without name and password. */
export function placeOf(url: string): string {
  const all = serversOf(url).map((one) => new URL(withHost(one)))
  return all.map(({ host }) => host).join(',') + (all[0]?.pathname ?? '')
}

const servers = new Map<string, readonly string[]>()
const leading = new Map<string, number>()
const parts = /^(postgres(?:ql)?:\/\/)((?:[^@/?]*@)?)([^@/?]*)(\/[^?]*|)(\?.*)?$/

function read(url: string): readonly string[] {
  const [, scheme = '', user = '', authority = '', path = '', query = ''] = parts.exec(url) ?? []
  const asked = new URLSearchParams(query)
  refuseStandby(asked.get('target_session_attrs'))
  const hosts = hostsOf(authority, asked)
  if (hosts.length < 2) return [readable(url)]
  for (const name of ['target_session_attrs', 'host', 'port']) asked.delete(name)
  const rest = `${path}${asked.size === 0 ? '' : `?${asked.toString()}`}`
  return hosts.map((host) => readable(`${scheme}${user}${host}${rest}`))
}

/** With their ports, of which one may go for all. */
function hostsOf(authority: string, asked: URLSearchParams): readonly string[] {
  const [ports, named] = ['port', 'host'].map((name) => asked.get(name)?.split(',') ?? [])
  const hosts = named?.map((host, index) => `${host}:${ports?.[index] ?? ports?.[0] ?? '5432'}`) ?? []
  const all = hosts.length > 1 ? hosts : authority.split(',')
  if (all.length > 1 && !all.every((host) => /^[^:/][^/]*$/.test(host))) throw unreadable()
  return all
}

/** Everything is written to and read from the server that leads: one that follows may be behind what was acknowledged. */
function refuseStandby(attributes: string | null): void {
  if (attributes === null || ['any', 'read-write', 'primary'].includes(attributes)) return
  const message = `DATABASE_URL asks for target_session_attrs=${attributes}, but Postern reads and writes where the server leads`
  throw new PosternError('BAD_SETTING', message, {
    hint: 'Write target_session_attrs=read-write, or leave it away: of several servers the one that leads is found.',
  })
}

function readable(url: string): string {
  if (!URL.canParse(withHost(url))) throw unreadable()
  return url
}

/** A host may be named in the query alone, which no other kind of URL knows. */
function withHost(url: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/(?:[^@/?]*@)?)(?=\/)/, '$1localhost')
}

/** Says nothing of the URL, which holds a password. */
function unreadable(): PosternError {
  return new PosternError('BAD_SETTING', 'DATABASE_URL cannot be read as the address of a database', {
    hint: 'Write postgres://user:password@host:5432/name; several servers as host:5432,other:5432, and signs of a password as %40.',
  })
}
