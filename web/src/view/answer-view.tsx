import { Button, CopyButton, Tabs } from '@mantine/core'
import { useMemo } from 'react'
import type { Exchange } from '../request/send.ts'
import { AnswerBody, SaveBody } from './answer-body.tsx'
import { withCode } from './with-code.tsx'

interface Props {
  readonly exchange: Exchange
  readonly askWhy: (() => void) | undefined
}

export function AnswerView({ exchange, askWhy }: Props) {
  const { status, reason, ms, bytes, headers, text, state } = exchange
  const json = useMemo(() => readJson(exchange), [exchange])
  return (
    <section className="answer" aria-label="Answer" data-testid="answer">
      <div className="answer-head">
        <span className="status" data-class={Math.floor(status / 100)} role="status">
          {status} {reason}
        </span>
        <span className="quiet">
          {ms.toFixed(ms < 10 ? 1 : 0)} ms · {sizeText(bytes)}
          {state === 'open' ? ' so far' : state === 'stopped' ? ', then stopped' : ''}
        </span>
        {askWhy && [401, 403, 404, 412].includes(status) ? (
          <Button variant="light" size="compact-sm" onClick={askWhy}>
            Why?
          </Button>
        ) : null}
        {text === '' ? null : (
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button variant="subtle" size="compact-sm" onClick={copy}>
                {copied ? 'Copied' : 'Copy body'}
              </Button>
            )}
          </CopyButton>
        )}
        {bytes === 0 || state === 'open' ? null : <SaveBody exchange={exchange} />}
      </div>
      {isProblem(json) ? <ProblemText problem={json} /> : null}
      <Tabs defaultValue="body" variant="pills" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="body">Body</Tabs.Tab>
          <Tabs.Tab value="headers">Headers ({headers.length})</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="body">
          <AnswerBody exchange={exchange} json={json} />
        </Tabs.Panel>
        <Tabs.Panel value="headers">
          <dl className="headers">
            {headers.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Tabs.Panel>
      </Tabs>
    </section>
  )
}

interface Problem {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly hint: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

function ProblemText({ problem }: { readonly problem: Problem }) {
  return (
    <div className="explained" data-testid="problem">
      <p>
        <strong>{problem.title}</strong> <code>{problem.code}</code>
      </p>
      <p>{withCode(problem.detail)}</p>
      {problem.errors?.map(({ path, message }) => (
        <p key={path + message}>
          <code>{path}</code> {message}
        </p>
      ))}
      <p className="hint">{withCode(problem.hint)}</p>
    </div>
  )
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'hint' in value && 'detail' in value
}

function readJson({ headers, text, state }: Exchange): unknown {
  if (state === 'open') return undefined
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? ''
  if (!/[/+]json\b/.test(type)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`
}
