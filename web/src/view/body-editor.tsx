import { Button, NativeSelect, SegmentedControl, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { ExplorerData, ExplorerEndpoint, JsonSchema } from '../data/model.ts'
import type { Complaint } from '../request/check-draft.ts'
import { variantsOf, type Variant } from '../request/body-variants.ts'
import type { Draft } from '../request/draft.ts'
import { sampleBody } from '../request/sample.ts'
import { InputField } from './input-fields.tsx'

interface Props {
  readonly data: ExplorerData
  readonly endpoint: ExplorerEndpoint
  readonly draft: Draft
  readonly schema: JsonSchema
  readonly complaints: readonly Complaint[]
  readonly onChange: (draft: Draft) => void
}

/** The body as fields where its schema has any, or as the text that is sent; both are the same text. */
export function BodyEditor({ data, endpoint, draft, schema: whole, complaints, onChange }: Props) {
  const [chosen, choose] = useState(0)
  const variants = variantsOf(whole, data.types)
  const schema = variants[chosen]?.schema ?? whole
  const hasFields = fieldsOf(schema).length > 0
  const [mode, setMode] = useState<'fields' | 'text'>(hasFields ? 'fields' : 'text')
  const value = readObject(draft.body)
  const asFields = mode === 'fields' && hasFields && value !== undefined
  const setBody = (body: string): void => onChange({ ...draft, body })
  const sampleOf = (of: JsonSchema): string | undefined => sampleBody(endpoint, of, data.types)
  const chooseVariant = (next: number): void => {
    choose(next)
    const started = sampleOf(variants[next]?.schema ?? whole)
    if (draft.body !== '' && started !== undefined) setBody(started)
  }
  return (
    <fieldset>
      <legend>Body</legend>
      <div className="actions">
        <VariantSelect variants={variants} chosen={chosen} choose={chooseVariant} />
        {hasFields ? <ModeSwitch mode={asFields ? 'fields' : 'text'} setMode={setMode} /> : null}
        <Writers
          sample={sampleOf(schema)}
          body={draft.body}
          canFormat={!asFields && value !== undefined}
          setBody={setBody}
        />
      </div>
      {asFields ? (
        <BodyFields schema={schema} value={value} complaints={complaints} setBody={setBody} />
      ) : (
        <BodyText sample={sampleOf(schema)} body={draft.body} complaints={complaints} setBody={setBody} />
      )}
    </fieldset>
  )
}

interface VariantProps {
  readonly variants: readonly Variant[]
  readonly chosen: number
  readonly choose: (index: number) => void
}

function VariantSelect({ variants, chosen, choose }: VariantProps) {
  if (variants.length < 2) return null
  return (
    <NativeSelect
      aria-label="Kind of body"
      size="xs"
      data={variants.map(({ label }, index) => ({ value: `${index}`, label }))}
      value={chosen}
      onChange={(event) => choose(Number(event.currentTarget.value))}
    />
  )
}

interface ModeProps {
  readonly mode: 'fields' | 'text'
  readonly setMode: (mode: 'fields' | 'text') => void
}

function ModeSwitch({ mode, setMode }: ModeProps) {
  const data = [
    { value: 'fields', label: 'Fields' },
    { value: 'text', label: 'Text' },
  ]
  return (
    <SegmentedControl
      size="xs"
      aria-label="Edit the body as"
      data={data}
      value={mode}
      onChange={(next) => setMode(next === 'fields' ? 'fields' : 'text')}
    />
  )
}

interface WritersProps {
  readonly sample: string | undefined
  readonly body: string
  readonly canFormat: boolean
  readonly setBody: (body: string) => void
}

function Writers({ sample, body, canFormat, setBody }: WritersProps) {
  return (
    <>
      {sample === undefined ? null : (
        <Button variant="subtle" size="compact-sm" onClick={() => setBody(sample)}>
          Fill in
        </Button>
      )}
      {canFormat ? (
        <Button variant="subtle" size="compact-sm" onClick={() => setBody(JSON.stringify(readObject(body), null, 2))}>
          Format
        </Button>
      ) : null}
    </>
  )
}

interface FieldsProps {
  readonly schema: JsonSchema
  readonly value: Readonly<Record<string, unknown>>
  readonly complaints: readonly Complaint[]
  readonly setBody: (body: string) => void
}

function BodyFields({ schema, value, complaints, setBody }: FieldsProps) {
  return (
    <div className="fields">
      {fieldsOf(schema).map(([name, property]) => (
        <InputField
          key={name}
          name={name}
          schema={property}
          required={isRequired(schema, name)}
          value={textOf(value[name] ?? property['const'])}
          complaint={complaints.find(({ at }) => at === `body.${name}`)?.text}
          onChange={(text) => setBody(withField({ ...constants(schema), ...value }, name, readText(property, text)))}
        />
      ))}
    </div>
  )
}

interface TextProps {
  readonly sample: string | undefined
  readonly body: string
  readonly complaints: readonly Complaint[]
  readonly setBody: (body: string) => void
}

/** A click into the empty box fills it in. */
function BodyText({ sample, body, complaints, setBody }: TextProps) {
  const wrong = complaints.filter(({ at }) => at.startsWith('body')).map(({ text }) => text)
  return (
    <Textarea
      aria-label="Body"
      className="mono"
      autosize
      minRows={4}
      maxRows={20}
      spellCheck={false}
      placeholder={sample === undefined ? 'JSON' : 'Click to fill in the fields'}
      value={body}
      error={wrong.join(' ')}
      onClick={() => {
        if (body === '' && sample !== undefined) setBody(sample)
      }}
      onChange={(event) => setBody(event.currentTarget.value)}
    />
  )
}

/** What the shape fixes need not be chosen. */
function constants(schema: JsonSchema): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fieldsOf(schema).flatMap(([name, property]) => ('const' in property ? [[name, property['const']]] : [])),
  )
}

function fieldsOf(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  return schema['type'] === 'object'
    ? Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>)
    : []
}

/** `undefined`: the text is no object, so that only the text can be edited. */
function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

function isRequired(schema: JsonSchema, name: string): boolean {
  return Array.isArray(schema['required']) && schema['required'].includes(name)
}

function textOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What is typed is text where the schema says text; elsewhere JSON, as far as it is any. */
function readText(schema: JsonSchema, text: string): unknown {
  if (text === '') return undefined
  if (schema['type'] === 'string' || schema['enum'] !== undefined) return text
  try {
    return JSON.parse(text)
  } catch {
    return schema['type'] === 'array' ? text.split(',').map((part) => part.trim()) : text
  }
}

function withField(value: Readonly<Record<string, unknown>>, name: string, field: unknown): string {
  const next = { ...value, [name]: field }
  return JSON.stringify(next, null, 2)
}
