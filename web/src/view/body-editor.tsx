import { Button, NativeSelect, SegmentedControl, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { ExplorerData, ExplorerEndpoint, JsonSchema } from '../data/model.ts'
import type { Complaint } from '../request/check-draft.ts'
import { variantsOf } from '../request/body-variants.ts'
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
  const properties = fieldsOf(schema)
  const [mode, setMode] = useState<'fields' | 'text'>(properties.length > 0 ? 'fields' : 'text')
  const sample = sampleBody(endpoint, schema, data.types)
  const setBody = (body: string): void => onChange({ ...draft, body })
  const value = readObject(draft.body)
  const asFields = mode === 'fields' && value !== undefined
  return (
    <fieldset>
      <legend>Body</legend>
      <div className="actions">
        {variants.length > 1 ? (
          <NativeSelect
            aria-label="Kind of body"
            size="xs"
            data={variants.map(({ label }, index) => ({ value: `${index}`, label }))}
            value={chosen}
            onChange={(event) => {
              const next = Number(event.currentTarget.value)
              choose(next)
              const started = sampleBody(endpoint, variants[next]?.schema ?? whole, data.types)
              if (draft.body !== '' && started !== undefined) setBody(started)
            }}
          />
        ) : null}
        {properties.length > 0 ? (
          <SegmentedControl
            size="xs"
            aria-label="Edit the body as"
            data={[
              { value: 'fields', label: 'Fields' },
              { value: 'text', label: 'Text' },
            ]}
            value={asFields ? 'fields' : 'text'}
            onChange={(next) => setMode(next === 'fields' ? 'fields' : 'text')}
          />
        ) : null}
        {sample === undefined ? null : (
          <Button variant="subtle" size="compact-sm" onClick={() => setBody(sample)}>
            Fill in
          </Button>
        )}
        {asFields ? null : (
          <Button variant="subtle" size="compact-sm" disabled={value === undefined} onClick={() => setBody(JSON.stringify(JSON.parse(draft.body || '{}'), null, 2))}>
            Format
          </Button>
        )}
      </div>
      {asFields ? (
        <div className="fields">
          {properties.map(([name, property]) => (
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
      ) : (
        <Textarea
          aria-label="Body"
          className="mono"
          autosize
          minRows={4}
          maxRows={20}
          spellCheck={false}
          placeholder={sample === undefined ? 'JSON' : 'Click to fill in the fields'}
          value={draft.body}
          error={complaints.filter(({ at }) => at.startsWith('body')).map(({ text }) => text).join(' ')}
          onClick={() => {
            if (draft.body === '' && sample !== undefined) setBody(sample)
          }}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
      )}
    </fieldset>
  )
}

/** What the shape fixes need not be chosen. */
function constants(schema: JsonSchema): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fieldsOf(schema).flatMap(([name, property]) => ('const' in property ? [[name, property['const']]] : [])))
}

function fieldsOf(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  return schema['type'] === 'object' ? Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>) : []
}

/** `undefined`: the text is no object, so that only the text can be edited. */
function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined
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
