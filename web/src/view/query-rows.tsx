import { ActionIcon, Autocomplete, Button, NativeSelect, TextInput } from '@mantine/core'
import { Plus, X } from 'lucide-react'
import type { ExplorerData, ExplorerEndpoint, ExplorerOperation } from '../data/model.ts'
import type { Complaint } from '../request/check-draft.ts'
import type { Draft, Extra } from '../request/draft.ts'

interface Props {
  readonly data: ExplorerData
  readonly endpoint: ExplorerEndpoint
  readonly inputs: ExplorerOperation['inputs']
  readonly draft: Draft
  readonly complaints: readonly Complaint[]
  readonly onChange: (draft: Draft) => void
}

const operators = [
  { value: '', label: '=' },
  { value: '[ne]', label: '≠' },
  { value: '[lt]', label: '<' },
  { value: '[lte]', label: '≤' },
  { value: '[gt]', label: '>' },
  { value: '[gte]', label: '≥' },
]

/** Names beside the listed ones: conditions on fields where the endpoint takes filters, anything where it takes anything. */
export function QueryRows({ data, endpoint, inputs, draft, complaints, onChange }: Props) {
  const filters = inputs.query.some(({ name }) => name === 'filter[*]')
  const fields = filters ? fieldsOf(data, endpoint) : []
  const set = (index: number, extra: Extra): void => onChange({ ...draft, extra: draft.extra.with(index, extra) })
  const add = (name: string): void => onChange({ ...draft, extra: [...draft.extra, { name, value: '' }] })
  const remove = (index: number): void => onChange({ ...draft, extra: draft.extra.toSpliced(index, 1) })
  return (
    <div className="query-rows">
      {draft.extra.map((extra, index) => (
        <div className="query-row" key={index}>
          {extra.name.startsWith('filter[') ? (
            <FilterName extra={extra} fields={fields} onChange={(name) => set(index, { ...extra, name })} />
          ) : (
            <TextInput
              aria-label="Query name"
              placeholder="name"
              value={extra.name}
              error={complaints.some(({ at }) => at === `query.${extra.name}`)}
              onChange={(event) => set(index, { ...extra, name: event.currentTarget.value })}
            />
          )}
          <TextInput
            aria-label="Query value"
            placeholder="value"
            value={extra.value}
            onChange={(event) => set(index, { ...extra, value: event.currentTarget.value })}
          />
          <ActionIcon variant="subtle" aria-label={`Remove ${extra.name || 'the name'}`} onClick={() => remove(index)}>
            <X size={16} />
          </ActionIcon>
        </div>
      ))}
      <div className="actions">
        {filters ? (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<Plus size={14} />}
            onClick={() => add(`filter[${fields[0] ?? ''}]`)}
          >
            Condition
          </Button>
        ) : null}
        <Button variant="subtle" size="compact-sm" leftSection={<Plus size={14} />} onClick={() => add('')}>
          Query name
        </Button>
      </div>
    </div>
  )
}

interface FilterProps {
  readonly extra: Extra
  readonly fields: readonly string[]
  readonly onChange: (name: string) => void
}

function FilterName({ extra, fields, onChange }: FilterProps) {
  const [, field = '', operator = ''] = /^filter\[([^\]]*)\](\[\w+\])?$/.exec(extra.name) ?? []
  return (
    <>
      <Autocomplete
        aria-label="Field"
        data={[...fields]}
        value={field}
        comboboxProps={{ withinPortal: false }}
        onChange={(next) => onChange(`filter[${next.replaceAll(/[[\]]/g, '')}]${operator}`)}
      />
      <NativeSelect
        aria-label="Operator"
        data={operators}
        value={operator}
        onChange={(event) => onChange(`filter[${field}]${event.currentTarget.value}`)}
      />
    </>
  )
}

/** Fields of the type that the endpoint speaks of; of all types where it speaks of objects. */
function fieldsOf(data: ExplorerData, endpoint: ExplorerEndpoint): readonly string[] {
  const words = endpoint.path.split('/')
  const own = data.types.filter(({ plural }) => words.includes(plural))
  return [...new Set((own.length > 0 ? own : data.types).flatMap(({ fields }) => fields))]
}
