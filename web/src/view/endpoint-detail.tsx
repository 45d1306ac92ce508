import { Button, Tabs } from '@mantine/core'
import { ArrowLeft, SquarePen } from 'lucide-react'
import { useState } from 'react'
import type { Credential } from '../data/credential.ts'
import { house } from '../data/house.ts'
import type { ExplorerData, ExplorerEndpoint } from '../data/model.ts'
import { useStored } from '../data/use-stored.ts'
import { newDraft, type Draft } from '../request/draft.ts'
import { AboutPanel } from './about-panel.tsx'
import { HistoryPanel, type Past } from './history-panel.tsx'
import { MethodBadge } from './method-badge.tsx'
import { TryPanel } from './try-panel.tsx'
import { WhyPanel } from './why-panel.tsx'
import { withCode } from './with-code.tsx'

export interface DetailProps {
  readonly data: ExplorerData
  readonly endpoint: ExplorerEndpoint
  readonly credential: Credential
  readonly draft: Draft
  readonly setDraft: (draft: Draft) => void
}

interface Props extends Pick<DetailProps, 'data' | 'endpoint' | 'credential'> {
  readonly back: () => void
}

const kept = 50

export function EndpointDetail({ data, endpoint, credential, back }: Props) {
  const [draft, setDraft] = useStored<Draft>(sessionStorage, `draft ${endpoint.id}`, newDraft(endpoint))
  const [history, setHistory] = useStored<readonly Past[]>(localStorage, 'history', [])
  const [tab, setTab] = useState('try')
  // A hot swap may have taken the verb away.
  const current = endpoint.methods.includes(draft.verb) ? draft : newDraft(endpoint)
  const props: DetailProps = { data, endpoint, credential, draft: current, setDraft }
  const own = history.filter(({ id }) => id === endpoint.id)
  return (
    <article>
      <Button className="back" variant="subtle" size="xs" leftSection={<ArrowLeft size={16} />} onClick={back}>
        All endpoints
      </Button>
      <Heading data={data} endpoint={endpoint} />
      <Tabs value={tab} onChange={(next) => setTab(next ?? 'try')} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="try">Try it</Tabs.Tab>
          {data.can.why ? <Tabs.Tab value="why">Why</Tabs.Tab> : null}
          <Tabs.Tab value="about">About</Tabs.Tab>
          <Tabs.Tab value="history">History{own.length > 0 ? ` (${own.length})` : ''}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="try">
          <TryPanel
            {...props}
            sent={(past) => setHistory([past, ...history].slice(0, kept))}
            askWhy={() => setTab('why')}
          />
        </Tabs.Panel>
        <Tabs.Panel value="why">
          <WhyPanel {...props} />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <AboutPanel {...props} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryPanel
            history={own}
            clear={() => setHistory(history.filter(({ id }) => id !== endpoint.id))}
            restore={(past) => {
              setDraft(past)
              setTab('try')
            }}
          />
        </Tabs.Panel>
      </Tabs>
    </article>
  )
}

type About = Pick<DetailProps, 'data' | 'endpoint'>

function Heading({ data, endpoint }: About) {
  const { methods, path, description, deprecated, who, rule, activation, missing } = endpoint
  return (
    <header className="heading">
      <h2>
        {methods.map((verb) => (
          <MethodBadge key={verb} verb={verb} />
        ))}
        <span className={deprecated ? 'deprecated' : undefined}>{path}</span>
      </h2>
      {description ? <p>{withCode(description)}</p> : null}
      <p className="quiet">
        <span data-testid="who">May be called by: {who}.</span>
        {deprecated ? ' Deprecated.' : ''}
      </p>
      <Place data={data} endpoint={endpoint} />
      {rule === undefined ? <p className="mark warn">Not activated: every call is answered 412. {activation}</p> : null}
      {missing ? <p className="mark warn">{missing}</p> : null}
    </header>
  )
}

function Place({ data, endpoint: { file, line, id, source } }: About) {
  if (source === 'builtin') return <span className="quiet">Built in.</span>
  if (file === undefined) return null
  const place = line === undefined ? file : `${file}:${line}`
  return data.can.open ? <OpenEditor id={id} place={place} /> : <span className="mono quiet">{place}</span>
}

/** Opens the file where the server runs, in the editor of whoever started it. */
function OpenEditor({ id, place }: { readonly id: string; readonly place: string }) {
  const [failure, setFailure] = useState<string>()
  const open = (): void => {
    setFailure(undefined)
    house
      .call('POST /api/explorer/open', { body: { id } })
      .catch((thrown: unknown) => setFailure(thrown instanceof Error ? thrown.message : String(thrown)))
  }
  return (
    <>
      <Button
        className="place"
        variant="default"
        size="compact-xs"
        leftSection={<SquarePen size={14} />}
        aria-label={`Open ${place} in the editor`}
        onClick={open}
      >
        {place}
      </Button>
      {failure ? (
        <p className="mark warn" role="alert">
          {failure}
        </p>
      ) : null}
    </>
  )
}
