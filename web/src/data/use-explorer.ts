import { ApiError } from 'postern/client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { house } from './house.ts'
import type { ExplorerData } from './model.ts'
import { watch, type Connection } from './watch.ts'

export interface Explorer {
  readonly data: ExplorerData | undefined
  readonly error: ApiError | undefined
  readonly connection: Connection
  /** Ids of endpoints that came or changed with the last swap. */
  readonly fresh: ReadonlySet<string>
  readonly reload: () => void
}

/** The server's table, kept up with it. */
export function useExplorer(): Explorer {
  const [data, setData] = useState<ExplorerData>()
  const [error, setError] = useState<ApiError>()
  const [connection, setConnection] = useState<Connection>('live')
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  const known = useRef<ExplorerData>(undefined)

  const reload = useCallback(async () => {
    try {
      const next = await house.call('GET /api/explorer/endpoints')
      if (known.current) setFresh(changedIds(known.current, next))
      known.current = next
      setData(next)
      setError(undefined)
    } catch (thrown) {
      setError(thrown instanceof ApiError ? thrown : new ApiError({ detail: String(thrown) }, thrown))
    }
  }, [])

  const isIn = data !== undefined
  useEffect(() => void reload(), [reload])
  useEffect(() => {
    if (!isIn) return
    const stop = new AbortController()
    void watch(() => void reload(), setConnection, stop.signal)
    return () => stop.abort()
  }, [isIn, reload])
  return { data, error, connection, fresh, reload: () => void reload() }
}

function changedIds(before: ExplorerData, after: ExplorerData): ReadonlySet<string> {
  const old = new Map(before.endpoints.map((endpoint) => [endpoint.id, JSON.stringify(endpoint)]))
  return new Set(after.endpoints.filter((one) => old.get(one.id) !== JSON.stringify(one)).map((one) => one.id))
}
