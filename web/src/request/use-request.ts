import { useEffect, useRef, useState } from 'react'
import { bearerOf, credentialText, forgetBorrowed, type Credential } from '../data/credential.ts'
import type { ExplorerEndpoint } from '../data/model.ts'
import type { Past } from '../view/history-panel.tsx'
import { addressOf, type Draft } from './draft.ts'
import { send, type Exchange } from './send.ts'

export interface Request {
  readonly exchange: Exchange | undefined
  /** Why no answer came. */
  readonly failure: string | undefined
  readonly isRunning: boolean
  readonly run: () => Promise<void>
}

interface Asked {
  readonly endpoint: ExplorerEndpoint
  readonly draft: Draft
  readonly credential: Credential
  readonly sent: (past: Past) => void
}

/** Sends the draft as it stands, and keeps the last answer. */
export function useRequest({ endpoint, draft, credential, sent }: Asked): Request {
  const [exchange, setExchange] = useState<Exchange>()
  const [failure, setFailure] = useState<string>()
  const [isRunning, setIsRunning] = useState(false)
  const isShown = useRef(true)
  useEffect(() => {
    isShown.current = true
    return () => void (isShown.current = false)
  }, [])
  const run = async (): Promise<void> => {
    setIsRunning(true)
    setFailure(undefined)
    try {
      const done = await send(draft, addressOf(endpoint, draft), await bearerOf(credential))
      if (done.status === 401) forgetBorrowed()
      setExchange(done)
      const { address, status, ms } = done
      sent({ ...draft, id: endpoint.id, address, status, ms, when: Date.now(), as: credentialText(credential) })
    } catch (thrown) {
      setExchange(undefined)
      setFailure(`No answer: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
    if (isShown.current) setIsRunning(false)
  }
  return { exchange, failure, isRunning, run }
}
