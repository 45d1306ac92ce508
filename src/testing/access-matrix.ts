import { buffer } from 'node:stream/consumers'
import { accessMatrix as toldMatrix, type AccessRow } from '../describe/access-matrix.ts'
import { functionsIn } from '../describe/functions-in.ts'
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
  /** Of `maybe`: what the rule, with the site's own functions asked, says of this very request. */
  readonly judged?: 'yes' | 'no'
  /** What was asked for. */
  readonly request: string
  readonly status: number
  readonly code?: string
}

/** A cell that no request can prove, and why not. */
export interface UnprovenCell extends Pick<AccessCell, 'method' | 'path' | 'caller' | 'said'> {
  readonly reason: string
}

export interface AccessReport {
  /** How many cells the door agreed with. */
  readonly proven: number
  /** Where the door does other than `postern access` says. */
  readonly wrong: readonly AccessCell[]
  readonly unproven: readonly UnprovenCell[]
}

/**
 * Asks every endpoint of the site as every kind of caller, with people and rows made for it, and returns the cells where the
 * door does other than `postern access` says: `no` that is let through, `yes` that is refused, `maybe` that does other than
 * the site's own functions say of the request. Empty: they agree.
 */
export async function accessMatrix(site: TestSite, options: AccessMatrixOptions = {}): Promise<readonly AccessCell[]> {
  return (await accessReport(site, options)).wrong
}

/** The same with the cells that were proved, and those that cannot be, each with its reason. */
export async function accessReport(site: TestSite, options: AccessMatrixOptions = {}): Promise<AccessReport> {
  const { house } = site
  const { roles } = house.settings.accounts
  const matrix = toldMatrix(house.records(), roles)
  const cast = new Cast(site, options.values ?? {})
  const wrong: AccessCell[] = []
  const unproven: UnprovenCell[] = []
  let proven = 0
  for (const row of matrix.rows) {
    const endpoint = must(recordOf(house.records(), row), 'each row is of a record')
    const parts = matrix.callers.map((caller, index): Part => ({ ...row, caller, said: row.access[index] ?? 'no' }))
    const [played, nobody] = partition(parts, ({ caller }) => canBe(site, caller))
    unproven.push(
      ...nobody.map((part) => unprovenCell(part, `nobody can have the ${part.caller}: accounts.roles lacks it`)),
    )
    const cells = await Promise.all(played.map((part) => playedCell(cast, endpoint, part)))
    const oneSided = reasonOf(endpoint, cells)
    for (const cell of cells) {
      if (!agrees(cell, endpoint)) wrong.push(cell)
      else if (cell.said === 'maybe' && oneSided !== undefined) unproven.push(unprovenCell(cell, oneSided))
      else proven++
    }
  }
  return { proven, wrong, unproven }
}

/** What a function always says is seen at the door; that it may say the other thing is not. */
function reasonOf({ rule }: Endpoint, cells: readonly AccessCell[]): string | undefined {
  const verdicts = new Set(cells.filter(({ said }) => said === 'maybe').map(({ judged }) => judged))
  if (verdicts.size !== 1) return undefined
  const names = functionsIn(rule).map((name) => `allow.when('${name}')`)
  const said = verdicts.has('yes') ? 'let everybody pass' : 'let nobody pass'
  return `${names.join(' and ')} ${said} who was made up for it, so the door was seen to agree with that alone`
}

function unprovenCell(
  { method, path, caller, said }: Pick<AccessCell, 'method' | 'path' | 'caller' | 'said'>,
  reason: string,
): UnprovenCell {
  return { method, path, caller, said, reason }
}

function canBe({ house }: TestSite, caller: string): boolean {
  const role = roleIn(caller)
  return role === undefined || house.accounts.room.roles.knows(role)
}

function partition<T>(all: readonly T[], holds: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(holds), all.filter((one) => !holds(one))]
}

interface Part extends AccessRow {
  readonly caller: string
  readonly said: Outlook
}

async function playedCell(cast: Cast, endpoint: Endpoint, part: Part): Promise<AccessCell> {
  const { method, caller, path, said } = part
  const { token, params } = await cast.sceneFor(endpoint, method, caller)
  const unnamed = endpoint.source === 'builtin' ? nothing : '1'
  const target = path.replaceAll(/[:*](\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? unnamed))
  const told = { method, path, caller, said, request: `${method} ${target}` }
  const judged = said === 'maybe' ? { judged: await judge(cast.site, { method, target, token }) } : {}
  const asking = { ...(token === undefined ? {} : { token }), ...(method === 'GET' ? {} : { body: {} }) }
  const answer = await openAnswer({ method, path: target, port: cast.site.port }, asking)
  const status = answer.statusCode ?? 0
  const code = status < 400 ? undefined : codeIn((await buffer(answer)).toString('utf8'))
  answer.destroy()
  return { ...told, ...judged, status, ...(code === undefined ? {} : { code }) }
}

interface Judged {
  readonly method: AccessRow['method']
  readonly target: string
  readonly token: string | undefined
}

/** The rule by itself, apart from the road: the site's functions asked for this caller and this path. */
async function judge({ house }: TestSite, { method, target, token }: Judged): Promise<'yes' | 'no'> {
  const as = token === undefined ? undefined : { credential: token }
  const { steps } = await house.why({ method, path: target, as })
  return steps.find(({ step }) => step === 'authorize')?.passed === true ? 'yes' : 'no'
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
function agrees(cell: AccessCell, { source, rule, origin }: Endpoint): boolean {
  const { status, code = '', judged } = cell
  const said = judged ?? cell.said
  if (code === 'BAD_CREDENTIAL') return false
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
