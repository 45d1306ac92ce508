/**
 * What knowing somebody costs at least: bare node:http over prepared statements on the very file that Postern made. For each
 * request it looks the secret up by its hash, checks that it is good and its scopes cover the path, and reads the one note
 * under the owner's condition, with the same bytes out. `DATABASE` is the file.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SQLOutputValue } from 'node:sqlite'
import { openFloor, sharedColumns } from './floor-database.ts'
import { listen, refuse, sendText } from './floor-server.ts'

const database = openFloor(process.env['DATABASE'] ?? '', true)
const bySession = database.prepare(
  `select u.id, u.roles, u.active, s.ended, k.kind, k.expires from account_session_keys k join account_sessions s on s.id = k.session_id ` +
    `join account_users u on u.id = s.user_id where k.digest = ?`,
)
const byToken = database.prepare(
  `select u.id, u.roles, u.active, t.scopes, t.expires from account_tokens t join account_users u on u.id = t.user_id where t.digest = ?`,
)
const note = `select ${sharedColumns}, t.body, t.rank from objects o join type_note t on t.id = o.id where +o.object_type = 'note' and +o.trashed is null and o.id = ?`
const anyNote = database.prepare(`${note} limit 1`)
const ownNote = database.prepare(`${note} and o.owner = ? limit 1`)

interface FloorUser {
  readonly id: number
  readonly isAdmin: boolean
}

listen((request, response) => {
  const path = request.url ?? '/'
  const user = userOf(request, path)
  if (user === undefined) return refuse(response, 401)
  if (!path.startsWith('/api/notes/')) return refuse(response, 404)
  sendNote(request, response, { user, id: Number(path.slice('/api/notes/'.length)) })
})

function sendNote(request: IncomingMessage, response: ServerResponse, { user, id }: { user: FloorUser; id: number }) {
  const data = user.isAdmin ? anyNote.get(id) : ownNote.get(id, user.id)
  if (data === undefined) return refuse(response, 404)
  const url = `http://${request.headers.host}/api/notes/${id}`
  const text = JSON.stringify({ api: 'notes', data, method: 'get', params: [], url })
  sendText(response, text, { more: ['etag', `"v${Number(data['version'])}"`] })
}

function userOf(request: IncomingMessage, path: string): FloorUser | undefined {
  const header = request.headers.authorization ?? ''
  if (!header.startsWith('Bearer ')) return undefined
  const secret = header.slice(7)
  const digest = createHash('sha256').update(secret).digest('base64url')
  const row = secret.startsWith('pat_') ? byToken.get(digest) : bySession.get(digest)
  if (row === undefined || !isGood(row) || !covers(row['scopes'], path)) return undefined
  const roles: unknown = JSON.parse(String(row['roles']))
  return { id: Number(row['id']), isAdmin: Array.isArray(roles) && roles.includes('admin') }
}

/** Of a token neither `ended` nor `kind` is asked for. */
function isGood({ active, expires, ended, kind }: Record<string, SQLOutputValue>): boolean {
  if (active !== 1 || (expires !== null && String(expires) <= new Date().toISOString())) return false
  return kind === undefined || (kind === 'access' && ended === null)
}

/** Nothing kept: what nothing limits, and scopes of the form `GET /api/notes/*`. */
function covers(kept: unknown, path: string): boolean {
  if (typeof kept !== 'string') return true
  const scopes: unknown = JSON.parse(kept)
  return Array.isArray(scopes) && scopes.some((scope) => coveredBy(String(scope), path))
}

function coveredBy(scope: string, path: string): boolean {
  const segments = scope.slice('GET /'.length).split('/')
  const named = path.slice(1).split('/')
  return segments.length === named.length && segments.every((segment, at) => segment === '*' || segment === named[at])
}
