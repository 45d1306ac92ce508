import { Alert, Button, Popover, TextInput } from '@mantine/core'
import { ApiError } from 'postern/client'
import { FlaskConical } from 'lucide-react'
import { useState } from 'react'
import type { Credential } from '../data/credential.ts'
import { house } from '../data/house.ts'
import type { ActAs, ExplorerData, ExplorerEndpoint } from '../data/model.ts'
import type { Exchange } from '../request/send.ts'

interface Props {
  readonly data: ExplorerData
  readonly endpoint: ExplorerEndpoint
  readonly credential: Credential
  readonly exchange: Exchange
}

/** What was sent and answered, as a test file of the site. Who sent it is written down, a token never. */
export function SaveScenario({ data, endpoint, credential, exchange }: Props) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [told, setTold] = useState<{ readonly color: string; readonly text: string }>()
  const suggestion = `${exchange.method} ${endpoint.path} answers ${exchange.status}`
  const save = (): void => {
    const body = { name: name || suggestion, ...recorded(data, credential, exchange) }
    house.call('POST /api/explorer/scenarios', { body }).then(
      ({ file }) => setTold({ color: 'green', text: `Written: ${file}` }),
      (thrown: unknown) =>
        setTold({ color: 'red', text: thrown instanceof ApiError ? thrown.message : String(thrown) }),
    )
  }
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus withinPortal={false} width={320}>
      <Popover.Target>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<FlaskConical size={14} />}
          onClick={() => {
            setOpen(!open)
            setTold(undefined)
          }}
        >
          Save as test
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          label="What it shows"
          placeholder={suggestion}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button size="xs" mt="xs" onClick={save}>
          Write the file
        </Button>
        {told ? (
          <Alert color={told.color} mt="xs" role="status">
            {told.text}
          </Alert>
        ) : null}
      </Popover.Dropdown>
    </Popover>
  )
}

function recorded(data: ExplorerData, credential: Credential, exchange: Exchange): object {
  const isJson = exchange.headers.some(([header, value]) => header === 'content-type' && /[/+]json\b/.test(value))
  return {
    method: exchange.method,
    path: exchange.address,
    status: exchange.status,
    ...(credential.kind === 'as' ? withRoles(data, credential.as) : {}),
    ...(exchange.body === '' ? {} : { body: readBody(exchange.body) }),
    ...(exchange.text === '' ? {} : { answer: isJson ? (JSON.parse(exchange.text) as unknown) : exchange.text }),
  }
}

/** What was sent although it is no JSON is sent again as it was. */
function readBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function withRoles(data: ExplorerData, as: ActAs): object {
  if ('role' in as) return { as }
  // Of another site's token a test knows nothing; it makes its own, as for a token that was pasted.
  if ('token' in as) return {}
  const roles = data.people.users.find(({ name }) => name === as.user)?.roles ?? []
  return { as: { ...as, roles } }
}
