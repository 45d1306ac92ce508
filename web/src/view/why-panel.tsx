import { Alert, Loader } from '@mantine/core'
import { Check, X } from 'lucide-react'
import { ApiError } from 'postern/client'
import { useEffect, useState } from 'react'
import { askedAs, credentialText, type Credential } from '../data/credential.ts'
import { house } from '../data/house.ts'
import type { Explained, Verb, Why, WhyStep } from '../data/model.ts'
import { addressOf } from '../request/draft.ts'
import type { DetailProps } from './endpoint-detail.tsx'
import { JsonText } from './json-text.tsx'

/** The road of the request as it stands in the form, judged step by step without sending it. */
export function WhyPanel({ endpoint, draft, credential }: DetailProps) {
  const [why, setWhy] = useState<Why>()
  const [failure, setFailure] = useState<string>()
  const path = addressOf(endpoint, draft)
  const method = draft.verb
  useEffect(() => {
    let isCurrent = true
    judged({ method, path }, credential).then(
      (told) => isCurrent && setWhy(told),
      (thrown: unknown) => isCurrent && setFailure(thrown instanceof ApiError ? thrown.message : String(thrown)),
    )
    return () => void (isCurrent = false)
  }, [method, path, credential])
  if (failure) return <Alert color="red">{failure}</Alert>
  if (!why) return <Loader aria-label="Loading" />
  return (
    <section className="why" aria-label="Why" data-testid="why">
      <p>
        <strong>{draft.verb}</strong> <code>{path}</code> {credentialText(credential)}:{' '}
        <span className="status" data-class={Math.floor(why.status / 100)}>
          {why.status}
        </span>
      </p>
      <ol>
        {why.steps.map((step) => (
          <Step key={step.step + step.text} step={step} />
        ))}
      </ol>
    </section>
  )
}

async function judged(request: { readonly method: Verb; readonly path: string }, credential: Credential): Promise<Why> {
  const as = await askedAs(credential)
  return house.call('POST /api/explorer/why', { body: { ...request, ...(as ? { as } : {}) } })
}

function Step({ step }: { readonly step: WhyStep }) {
  return (
    <li data-passed={step.passed}>
      <p>
        <Mark passed={step.passed} /> <strong>{step.step}</strong> {step.code ? <code>{step.code}</code> : null}
      </p>
      <p>{step.text}</p>
      {step.rule ? <RuleTree rule={step.rule} /> : null}
      {typeof step.condition === 'object' ? <JsonText value={step.condition} /> : null}
    </li>
  )
}

function RuleTree({ rule }: { readonly rule: Explained }) {
  return (
    <div className="rule">
      <Mark passed={rule.passed} /> {rule.kind === 'one' ? rule.text : rule.kind === 'any' ? 'any one of' : 'all of'}
      {rule.parts.map((part, index) => (
        <RuleTree key={index} rule={part} />
      ))}
    </div>
  )
}

function Mark({ passed }: { readonly passed: boolean }) {
  const label = passed ? 'passes' : 'does not pass'
  return (
    <span className="verdict" data-passed={passed} role="img" aria-label={label}>
      {passed ? <Check size={14} /> : <X size={14} />}
    </span>
  )
}
