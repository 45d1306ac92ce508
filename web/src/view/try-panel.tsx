import { Alert, Button, SegmentedControl } from '@mantine/core'
import { Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { bearerOf, credentialText, forgetBorrowed } from '../data/credential.ts'
import type { Verb } from '../data/model.ts'
import { checkDraft, type Complaint } from '../request/check-draft.ts'
import { addressOf, operationOf, type Draft } from '../request/draft.ts'
import { send, type Exchange } from '../request/send.ts'
import { AnswerView } from './answer-view.tsx'
import { BodyEditor } from './body-editor.tsx'
import { CopyMenu } from './copy-menu.tsx'
import type { DetailProps } from './endpoint-detail.tsx'
import type { Past } from './history-panel.tsx'
import { InputFields } from './input-fields.tsx'
import { QueryRows } from './query-rows.tsx'
import { SaveScenario } from './save-scenario.tsx'

interface Props extends DetailProps {
  readonly sent: (past: Past) => void
  readonly askWhy: () => void
}

/** Write a request, send it, see the answer. What is certain to be refused is said first, and may be sent all the same. */
export function TryPanel(props: Props) {
  const { data, endpoint, draft, setDraft, credential } = props
  const [complaints, setComplaints] = useState<readonly Complaint[]>([])
  const request = useRequest(props)
  const operation = operationOf(endpoint, draft)
  if (!operation) return null
  const change = (next: Draft): void => {
    setDraft(next)
    setComplaints([])
  }
  const trySending = (anyway: boolean): void => {
    const found = anyway ? [] : checkDraft(endpoint, draft)
    setComplaints(found)
    if (found.length === 0) void request.run()
  }
  return (
    <form
      className="try"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        trySending(false)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) trySending(false)
      }}
    >
      {endpoint.methods.length > 1 ? (
        <SegmentedControl
          aria-label="Method"
          data={[...endpoint.methods]}
          value={draft.verb}
          onChange={(verb) => change({ ...draft, verb: verb as Verb })}
          withItemsBorders={false}
        />
      ) : null}
      <InputFields title="Path" at="path" inputs={operation.inputs.path} values={draft.params} complaints={complaints} onChange={(params) => change({ ...draft, params })} />
      <InputFields
        title="Query"
        at="query"
        inputs={operation.inputs.query.filter(({ name }) => !name.endsWith('[*]'))}
        values={draft.query}
        complaints={complaints}
        onChange={(query) => change({ ...draft, query })}
      />
      <QueryRows data={data} endpoint={endpoint} inputs={operation.inputs} draft={draft} complaints={complaints} onChange={change} />
      {operation.inputs.body === undefined ? null : (
        <BodyEditor data={data} endpoint={endpoint} draft={draft} schema={operation.inputs.body} complaints={complaints} onChange={change} />
      )}
      <Complaints complaints={complaints} sendAnyway={() => trySending(true)} />
      <p className="address" data-testid="address">
        <strong>{draft.verb}</strong> {addressOf(endpoint, draft)}
      </p>
      <div className="actions">
        <Button type="submit" leftSection={<Play size={16} />} loading={request.isRunning} data-testid="send">
          Send
        </Button>
        <span className="quiet">{credentialText(credential)}</span>
        <CopyMenu data={data} endpoint={endpoint} draft={draft} credential={credential} />
        {data.can.save && request.exchange ? <SaveScenario data={data} endpoint={endpoint} credential={credential} exchange={request.exchange} /> : null}
        <Button variant="subtle" size="compact-sm" onClick={() => change({ ...draft, params: {}, query: {}, extra: [], body: '' })}>
          Clear
        </Button>
      </div>
      {request.failure ? (
        <Alert color="red" role="alert">
          {request.failure}
        </Alert>
      ) : null}
      {request.exchange ? <AnswerView exchange={request.exchange} askWhy={data.can.why ? props.askWhy : undefined} /> : null}
    </form>
  )
}

function Complaints({ complaints, sendAnyway }: { readonly complaints: readonly Complaint[]; readonly sendAnyway: () => void }) {
  if (complaints.length === 0) return null
  return (
    <Alert color="orange" role="alert" title="The server would refuse this" data-testid="complaints">
      <ul>
        {complaints.map(({ at, text }) => (
          <li key={at + text}>
            <code>{at}</code> {text}
          </li>
        ))}
      </ul>
      <Button variant="default" size="compact-sm" onClick={sendAnyway}>
        Send it all the same
      </Button>
    </Alert>
  )
}

function useRequest({ endpoint, draft, credential, sent }: Props) {
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
      sent({ ...draft, id: endpoint.id, address: done.address, status: done.status, ms: done.ms, when: Date.now(), as: credentialText(credential) })
    } catch (thrown) {
      setExchange(undefined)
      setFailure(`No answer: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
    if (isShown.current) setIsRunning(false)
  }
  return { exchange, failure, isRunning, run }
}
