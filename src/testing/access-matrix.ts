import { buffer } from 'node:stream/consumers'
import { accessMatrix as toldMatrix, type AccessRow } from '../describe/access-matrix.ts'
import type { Outlook } from '../describe/outlook.ts'
import type { Endpoint } from '../endpoint/record.ts'
import { must } from '../errors/must.ts'
import { MadeRows, type Named, type RowValues } from './made-rows.ts'
import { openAnswer } from './test-caller.ts'
import type { TestSite } from './test-site.ts'

export interface AccessMatrixOptions {
  /** What rows need that cannot be made up: `{ member: { club: 3 } }`. */
  readonly values?: RowValues
}

/** A cell of the matrix, and what came of it at the door. */
export interface AccessCell {
  readonly method: string
  readonly path: string
  /** `anonymous`, `token`, `user` (a stranger to what the path names), `role …` (likewise), `owner`. */
  readonly caller: string
  readonly said: Outlook
  /** What was asked for. */
  readonly request: string
  readonly status: number
  readonly code?: string
}

/**
 * Asks every endpoint of the site as every kind of caller, with people and rows made for it, and returns the cells where the
 * door does other than `postern access` says: `no` that is let through, `yes` that is refused. Empty: they agree.
 */
export async function accessMatrix(site: TestSite, options: AccessMatrixOptions = {}): Promise<readonly AccessCell[]> {
  const { house } = site
  const { roles } = house.settings.accounts
  const matrix = toldMatrix(house.records(), roles)
  const cast = new Cast(site, options.values ?? {})
  const wrong: AccessCell[] = []
  for (const row of matrix.rows) {
    const endpoint = must(recordOf(house.records(), row), 'each row is of a record')
    const cells = matrix.callers.flatMap((caller, index) => {
      const role = roleIn(caller)
      const isNobody = role !== undefined && !house.accounts.room.roles.knows(role)
      return isNobody ? [] : [played(cast, endpoint, { ...row, caller, said: row.access[index] ?? 'no' })]
    })
    wrong.push(...(await Promise.all(cells)).filter((cell) => !agrees(cell, endpoint)))
  }
  return wrong
}

interface Part extends AccessRow {
  readonly caller: string
  readonly said: Outlook
}

async function played(cast: Cast, endpoint: Endpoint, part: Part): Promise<AccessCell> {
  const { method, caller, path, said } = part
  const { token, params } = await cast.sceneFor(endpoint, method, caller)
  const unnamed = endpoint.source === 'builtin' ? nothing : '1'
  const target = path.replaceAll(/[:*](\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? unnamed))
  const asking = { ...(token === undefined ? {} : { token }), ...(method === 'GET' ? {} : { body: {} }) }
  const answer = await openAnswer({ method, path: target, port: cast.site.port }, asking)
  const status = answer.statusCode ?? 0
  const code = status < 400 ? undefined : codeIn((await buffer(answer)).toString('utf8'))
  answer.destroy()
  return { method, path, caller, said, request: `${method} ${target}`, status, ...(code === undefined ? {} : { code }) }
}

/** An id of nothing at all, so that an administrator of one scene does not delete the people of another. */
const nothing = '999999999'

function codeIn(text: string): string | undefined {
  return /"code":\s*"([A-Z_]+)"/.exec(text)?.[1]
}

const refusals = [401, 403, 404, 412]
const byRule = ['UNAUTHENTICATED', 'FORBIDDEN', 'OUT_OF_SCOPE', 'NOT_ACTIVATED']

/**
 * The endpoints of the house refuse for other reasons as well (a wrong password, a right on rows, a session that is needed):
 * there only a refusal that the endpoint's own rule makes tells against `yes`, and of content none, whose rows have rules. A credential that another request has spoilt proves nothing.
 */
function agrees({ said, status, code = '' }: AccessCell, { source, rule, origin }: Endpoint): boolean {
  if (code === 'BAD_CREDENTIAL') return false
  if (said === 'maybe') return true
  if (said === 'no') return refusals.includes(status)
  if (source !== 'builtin') return ![401, 403, 412].includes(status)
  return rule === 'everyone' || origin.file === 'postern:content' || !byRule.includes(code)
}

/** Who plays in which scene. What only reads can share people and rows; what changes something gets its own. */
class Cast {
  readonly site: TestSite
  readonly #rows: MadeRows
  readonly #spoken: ReadonlySet<number>
  readonly #people = new Map<string, Promise<Played>>()
  #count = 0

  constructor(site: TestSite, values: RowValues) {
    this.site = site
    this.#rows = new MadeRows(site, values)
    this.#spoken = new Set(
      site.house
        .records()
        .flatMap(({ rule }) => JSON.stringify(rule ?? '').match(/\d+/g) ?? [])
        .map(Number),
    )
  }

  async sceneFor(
    { rule }: Endpoint,
    method: string,
    caller: string,
  ): Promise<{ readonly token: string | undefined; readonly params: Readonly<Record<string, string>> }> {
    const shared = this.#people.get(caller)
    const people = method === 'GET' && shared !== undefined ? shared : this.#invite(caller)
    if (method === 'GET') this.#people.set(caller, people)
    const { token, subject } = await people
    return { token, params: await this.#rows.paramsFor(rule, subject) }
  }

  async #invite(caller: string): Promise<Played> {
    const { accounts } = this.site.house
    const role = roleIn(caller)
    const user = await this.#user(role === undefined ? [] : [role])
    const subject = caller === 'owner' ? user : await this.#user([])
    if (caller === 'anonymous') return { token: undefined, subject }
    const { token } = await accounts.createToken({ name: 'matrix', ...(caller === 'token' ? {} : { user: user.id }) })
    return { token, subject }
  }

  /** Nobody whom a rule names by id: they are no strangers. */
  async #user(roles: string[]): Promise<Named> {
    const user = await this.site.house.accounts.createUser({ name: `matrix-${++this.#count}`, roles })
    return this.#spoken.has(user.id) ? this.#user(roles) : user
  }
}

interface Played {
  readonly token: string | undefined
  /** Whom the path speaks of. */
  readonly subject: Named
}

function recordOf(records: readonly Endpoint[], { id, path }: AccessRow): Endpoint | undefined {
  return records.find((record) => record.id === id && record.path === path)
}

function roleIn(caller: string): string | undefined {
  return caller.startsWith('role ') ? caller.slice(5) : undefined
}
