import { createClient, type Session } from 'postern/client'
import type { ActAs, AskedAs, ExplorerData, Verb, Why } from './model.ts'

interface Site {
  'GET /api/auth': { input: object; answer: unknown }
  'GET /api/explorer/endpoints': { input: object; answer: ExplorerData }
  'POST /api/explorer/why': { input: { body: { method: Verb; path: string; as?: AskedAs } }; answer: Why }
  'POST /api/explorer/as': { input: { body: ActAs }; answer: { token: string } }
  'POST /api/explorer/scenarios': { input: { body: unknown }; answer: { file: string; text: string } }
  'POST /api/explorer/open': { input: { body: { id: string } }; answer: unknown }
}

const key = 'postern.session'

/** The page's own calls; a session lasts as long as the tab. */
export const house = createClient<Site>(location.origin, {
  headers: { 'x-postern-explorer': '1' },
  store: {
    get: storedSession,
    set: (session: Session | undefined) => {
      if (session) sessionStorage.setItem(key, JSON.stringify(session))
      else sessionStorage.removeItem(key)
    },
  },
})

/** The access token of whoever signed in on this page. */
export function sessionToken(): string | undefined {
  return storedSession()?.accessToken
}

function storedSession(): Session | undefined {
  return (JSON.parse(sessionStorage.getItem(key) ?? 'null') as Session | null) ?? undefined
}
