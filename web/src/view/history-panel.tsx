import { Button } from '@mantine/core'
import type { Draft } from '../request/draft.ts'

/** A request that was sent, with what is needed to send it again. Never a credential. */
export interface Past extends Draft {
  readonly id: string
  readonly address: string
  readonly status: number
  readonly ms: number
  readonly when: number
  readonly as: string
}

interface Props {
  readonly history: readonly Past[]
  readonly restore: (past: Past) => void
  readonly clear: () => void
}

export function HistoryPanel({ history, restore, clear }: Props) {
  if (history.length === 0) return <p className="quiet">Nothing was sent to this endpoint yet.</p>
  return (
    <section aria-label="History">
      <ul className="history">
        {history.map((past) => (
          <li key={past.when}>
            <button type="button" onClick={() => restore(past)}>
              <span className="status" data-class={Math.floor(past.status / 100)}>
                {past.status}
              </span>{' '}
              <strong>{past.verb}</strong> <span className="mono">{past.address}</span>
              <span className="quiet">
                {' '}
                {past.as}, {past.ms.toFixed(0)} ms, {new Date(past.when).toLocaleTimeString()}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Button variant="subtle" size="compact-sm" onClick={clear}>
        Forget them
      </Button>
    </section>
  )
}
