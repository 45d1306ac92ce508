import { PosternError } from '../errors/postern-error.ts'

/** `hide` as if it were not there (404), `block` (405), `freeze` for a while (503), `retire` for good (410). */
export const switchStates = ['hide', 'block', 'freeze', 'retire'] as const
export type SwitchState = (typeof switchStates)[number]

export interface Switch {
  readonly endpoint: string
  readonly state: SwitchState
  /** When a frozen endpoint is expected back, or a retired one went. */
  readonly until: string | null
  readonly reason: string
  readonly user_id: number | null
  readonly at: string
}

/** The switches as every request looks at them: in memory, and almost always none. */
export interface SwitchBoard {
  readonly at: (endpoint: string) => Switch | undefined
  readonly all: () => readonly Switch[]
  readonly replace: (switches: readonly Switch[]) => void
}

export function createSwitchBoard(): SwitchBoard {
  let board = new Map<string, Switch>()
  return {
    at: (endpoint) => (board.size === 0 ? undefined : board.get(endpoint)),
    all: () => [...board.values()],
    replace: (switches) => {
      board = new Map(switches.map((one) => [one.endpoint, one]))
    },
  }
}

/** 404, 405, 410 or 503 where the endpoint is switched off; a hidden one is answered exactly like an unknown path. */
export function refuseSwitched(found: Switch, now: number): never {
  switch (found.state) {
    case 'hide':
      throw new PosternError('NOT_FOUND', 'There is no endpoint at this path.')
    case 'block':
      throw new PosternError('METHOD_NOT_ALLOWED', 'This endpoint is blocked at the moment.', {
        headers: { allow: 'OPTIONS' },
      })
    case 'retire': {
      const sunset = new Date(found.until ?? found.at).toUTCString()
      throw new PosternError('GONE', 'This endpoint has been retired.', { headers: { sunset } })
    }
    case 'freeze': {
      const left = found.until === null ? 60 : Math.ceil((Date.parse(found.until) - now) / 1_000)
      const headers = { 'retry-after': String(Math.max(1, left)) }
      throw new PosternError('UNAVAILABLE', 'This endpoint is frozen at the moment.', { headers })
    }
  }
}
