import { useEffect, useRef, useState } from 'react'
import { bearerOf, credentialText, forgetBorrowed, type Credential } from '../data/credential.ts'
import type { ExplorerEndpoint } from '../data/model.ts'
import type { Past } from '../view/history-panel.tsx'
import { addressOf, type Draft } from './draft.ts'
import { send, type Exchange } from './send.ts'

export interface Request {
  /** The last answer, also while the rest of it is still to come. */
  readonly exchange: Exchange | undefined
  /** Why no answer came. */
  readonly failure: string | undefined
  readonly isRunning: boolean
  readonly run: () => Promise<void>
  readonly stop: () => void
}

interface Asked {
  readonly endpoint: ExplorerEndpoint
  readonly draft: Draft
  readonly credential: Credential
  readonly sent: (past: Past) => void
}

/** Sends the draft as it stands, one request at a time, and keeps the last answer. Leaving the page ends what is under way. */
export function useRequest({ endpoint, draft, credential, sent }: Asked): Request {
  const [exchange, setExchange] = useState<Exchange>()
  const [failure, setFailure] = useState<string>()
  const [isRunning, setIsRunning] = useState(false)
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const run = async (): Promise<void> => {
    if (running.current) return
    const control = new AbortController()
    running.current = control
    setIsRunning(true)
    setFailure(undefined)
    try {
      const token = await bearerOf(credential)
      const watching = { signal: control.signal, progress: setExchange }
      const done = await send(draft, { address: addressOf(endpoint, draft), token }, watching)
      if (done.status === 401) forgetBorrowed()
      setExchange(done)
      const { address, status, ms } = done
      sent({ ...draft, id: endpoint.id, address, status, ms, when: Date.now(), as: credentialText(credential) })
    } catch (thrown) {
      setExchange(undefined)
      setFailure(control.signal.aborted ? 'Stopped before an answer came.' : `No answer: ${textOf(thrown)}`)
    }
    running.current = undefined
    setIsRunning(false)
  }
  return { exchange, failure, isRunning, run, stop: () => running.current?.abort() }
}

function textOf(thrown: unknown): string {
  if (thrown instanceof TypeError) return 'the server could not be reached, or broke off.'
  return thrown instanceof Error ? thrown.message : String(thrown)
}
