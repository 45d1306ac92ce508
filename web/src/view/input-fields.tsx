import { NativeSelect, TextInput } from '@mantine/core'
import type { Input, JsonSchema } from '../data/model.ts'
import type { Complaint } from '../request/check-draft.ts'

interface Props {
  readonly title: string
  /** `path` or `query`: where complaints about them are filed. */
  readonly at: string
  readonly inputs: readonly Input[]
  readonly values: Readonly<Record<string, string>>
  readonly complaints: readonly Complaint[]
  readonly onChange: (values: Readonly<Record<string, string>>) => void
}

/** One box for each input that the endpoint lists. */
export function InputFields({ title, at, inputs, values, complaints, onChange }: Props) {
  if (inputs.length === 0) return null
  return (
    <fieldset>
      <legend>{title}</legend>
      <div className="fields">
        {inputs.map((input) => (
          <InputField
            key={input.name}
            name={input.name}
            schema={input.schema}
            required={input.required}
            value={values[input.name] ?? ''}
            complaint={complaints.find((one) => one.at === `${at}.${input.name}`)?.text}
            onChange={(value) => onChange({ ...values, [input.name]: value })}
          />
        ))}
      </div>
    </fieldset>
  )
}

interface FieldProps {
  readonly name: string
  readonly schema: JsonSchema
  readonly required: boolean
  readonly value: string
  readonly complaint: string | undefined
  readonly onChange: (value: string) => void
}

/** What it takes stands below the box, so that the boxes of a row are level. */
const order: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']

/** A choice where the schema lists what it takes, a box else. */
export function InputField({ name, schema, required, value, complaint, onChange }: FieldProps) {
  const choices = choicesOf(schema)
  const common = {
    label: name,
    withAsterisk: required,
    'aria-required': required,
    description: hintOf(schema),
    error: complaint,
    inputWrapperOrder: order,
  }
  if (choices) {
    const data = [{ value: '', label: '–' }, ...choices.map((choice) => ({ value: choice, label: choice }))]
    return (
      <NativeSelect {...common} data={data} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
    )
  }
  const isNumber = schema['type'] === 'integer' || schema['type'] === 'number'
  return (
    <TextInput
      {...common}
      value={value}
      placeholder={schema['type'] === 'array' ? 'a,b,c' : ''}
      inputMode={isNumber ? 'decimal' : 'text'}
      spellCheck={false}
      autoCapitalize="none"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function choicesOf(schema: JsonSchema): readonly string[] | undefined {
  if (schema['type'] === 'boolean') return ['true', 'false']
  return Array.isArray(schema['enum']) ? schema['enum'].map(String) : undefined
}

/** The schema in a few words: kind, bounds, default, and what its author says. */
function hintOf(schema: JsonSchema): string | undefined {
  const bounds = [
    ['minimum', 'from'],
    ['maximum', 'to'],
    ['default', 'if absent'],
  ] as const
  const said = bounds.flatMap(([name, word]) => (isShort(schema[name]) ? [`${word} ${schema[name]}`] : []))
  const kind = typeof schema['type'] === 'string' && schema['type'] !== 'string' ? [schema['type']] : []
  const parts = [
    ...kind,
    ...said,
    ...lengthOf(schema),
    ...(typeof schema['description'] === 'string' ? [schema['description']] : []),
  ]
  return parts.length > 0 ? parts.join(', ') : undefined
}

function lengthOf({ minLength: least, maxLength: most }: JsonSchema): readonly string[] {
  if (isShort(least) && isShort(most)) return [`${least} to ${most} characters`]
  if (isShort(most)) return [`at most ${most} characters`]
  return isShort(least) && least !== 1 ? [`at least ${least} characters`] : []
}

/** JSON Schema bounds every whole number by the largest safe one, which is no news to anybody. */
function isShort(value: unknown): value is string | number {
  return (
    (typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER) ||
    (typeof value === 'string' && value !== '')
  )
}
