import type { ExplorerData, ExplorerOperation } from '../data/model.ts'
import type { DetailProps } from './endpoint-detail.tsx'
import { JsonText } from './json-text.tsx'

/** All that is declared of the endpoint, and what of it follows. */
export function AboutPanel({ data, endpoint, draft }: DetailProps) {
  const operation = endpoint.operations[draft.verb]
  const { operations: _operations, ...settings } = endpoint
  return (
    <section className="about" aria-label="About">
      <dl className="headers">
        <Fact name="operation" value={operation?.id} />
        <Fact name="source" value={[endpoint.source, endpoint.group].filter(Boolean).join(', ')} />
        <Fact name="tags" value={endpoint.tags.join(', ')} />
        <Fact name="answers within" value={`${endpoint.timeout} ms, else 504`} />
        <Fact name="body up to" value={`${endpoint.bodyLimit} bytes, else 413`} />
        <Fact
          name="rate limit"
          value={endpoint.rateLimit === undefined ? "the site's" : `${endpoint.rateLimit} a minute`}
        />
      </dl>
      {operation ? <Refusals errors={operation.errors} statuses={data.statuses} /> : null}
      {operation?.inputs.body ? <Schema title="Body" value={operation.inputs.body} /> : null}
      {operation?.answer ? <Schema title="Answer" value={operation.answer} /> : null}
      <Schema title="Endpoint settings" value={settings} />
    </section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

interface RefusalsProps {
  readonly errors: ExplorerOperation['errors']
  readonly statuses: ExplorerData['statuses']
}

function Refusals({ errors, statuses }: RefusalsProps) {
  return (
    <details>
      <summary>What it may refuse</summary>
      <ul className="refusals">
        {errors.map((code) => (
          <li key={code}>
            <span className="mono">{statuses[code]}</span> <code>{code}</code>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Schema({ title, value }: { readonly title: string; readonly value: unknown }) {
  return (
    <details>
      <summary>{title}</summary>
      <JsonText value={value} />
    </details>
  )
}
