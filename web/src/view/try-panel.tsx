import { Alert, Button, SegmentedControl } from '@mantine/core'
import { Play, Square } from 'lucide-react'
import { useState } from 'react'
import { credentialText } from '../data/credential.ts'
import type { ExplorerOperation, Verb } from '../data/model.ts'
import { checkDraft, type Complaint } from '../request/check-draft.ts'
import { addressOf, operationOf, type Draft } from '../request/draft.ts'
import { useRequest, type Request } from '../request/use-request.ts'
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
  const { data, endpoint, draft, setDraft } = props
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
      <Inputs {...props} operation={operation} complaints={complaints} change={change} />
      <Complaints complaints={complaints} sendAnyway={() => trySending(true)} />
      <p className="address" data-testid="address">
        <strong>{draft.verb}</strong> {addressOf(endpoint, draft)}
      </p>
      <Actions {...props} request={request} change={change} />
      {request.failure ? (
        <Alert color="red" role="alert">
          {request.failure}
        </Alert>
      ) : null}
      {request.exchange ? (
        <AnswerView exchange={request.exchange} askWhy={data.can.why ? props.askWhy : undefined} />
      ) : null}
    </form>
  )
}

interface InputsProps extends DetailProps {
  readonly operation: ExplorerOperation
  readonly complaints: readonly Complaint[]
  readonly change: (draft: Draft) => void
}

/** The verb, the path, the query and the body. */
function Inputs({ data, endpoint, draft, operation, complaints, change }: InputsProps) {
  const { inputs } = operation
  return (
    <>
      {endpoint.methods.length > 1 ? (
        <SegmentedControl
          aria-label="Method"
          data={[...endpoint.methods]}
          value={draft.verb}
          onChange={(verb) => change({ ...draft, verb: verb as Verb })}
          withItemsBorders={false}
        />
      ) : null}
      <InputFields
        title="Path"
        at="path"
        inputs={inputs.path}
        values={draft.params}
        complaints={complaints}
        onChange={(params) => change({ ...draft, params })}
      />
      <InputFields
        title="Query"
        at="query"
        inputs={inputs.query.filter(({ name }) => !name.endsWith('[*]'))}
        values={draft.query}
        complaints={complaints}
        onChange={(query) => change({ ...draft, query })}
      />
      <QueryRows
        data={data}
        endpoint={endpoint}
        inputs={inputs}
        draft={draft}
        complaints={complaints}
        onChange={change}
      />
      {inputs.body === undefined ? null : (
        <BodyEditor
          data={data}
          endpoint={endpoint}
          draft={draft}
          schema={inputs.body}
          complaints={complaints}
          onChange={change}
        />
      )}
    </>
  )
}

interface ActionsProps extends DetailProps {
  readonly request: Request
  readonly change: (draft: Draft) => void
}

function Actions({ data, endpoint, draft, credential, request, change }: ActionsProps) {
  const { exchange, isRunning } = request
  return (
    <div className="actions">
      <Button type="submit" leftSection={<Play size={16} />} loading={isRunning} data-testid="send">
        Send
      </Button>
      {isRunning ? (
        <Button variant="default" size="compact-sm" leftSection={<Square size={14} />} onClick={request.stop}>
          Stop
        </Button>
      ) : null}
      <span className="quiet">{credentialText(credential)}</span>
      <CopyMenu data={data} endpoint={endpoint} draft={draft} credential={credential} />
      {data.can.save && exchange?.state === 'whole' ? (
        <SaveScenario data={data} endpoint={endpoint} credential={credential} exchange={exchange} />
      ) : null}
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => change({ ...draft, params: {}, query: {}, extra: [], body: '' })}
      >
        Clear
      </Button>
    </div>
  )
}

interface ComplaintsProps {
  readonly complaints: readonly Complaint[]
  readonly sendAnyway: () => void
}

function Complaints({ complaints, sendAnyway }: ComplaintsProps) {
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
