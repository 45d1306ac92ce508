import { Button, NativeSelect, PasswordInput, Popover } from '@mantine/core'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { credentialText, type Credential } from '../data/credential.ts'
import { house } from '../data/house.ts'
import type { ActAs, ExplorerData } from '../data/model.ts'

interface Props {
  readonly data: ExplorerData
  readonly credential: Credential
  readonly setCredential: (credential: Credential) => void
}

/** With what requests are sent: nothing, a token, this page's session, or as somebody, which only development offers. */
export function CredentialPicker({ data, credential, setCredential }: Props) {
  const [open, setOpen] = useState(false)
  const [token, setToken] = useState(credential.kind === 'token' ? credential.token : '')
  const use = (next: Credential): void => {
    setCredential(next)
    setOpen(false)
  }
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" trapFocus withinPortal={false} width={300}>
      <Popover.Target>
        <Button
          variant={credential.kind === 'none' ? 'default' : 'light'}
          leftSection={<KeyRound size={16} />}
          onClick={() => setOpen(!open)}
          data-testid="credential"
        >
          {credential.kind === 'none' ? 'No credential' : `Send ${credentialText(credential)}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="credentials">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            use(token === '' ? { kind: 'none' } : { kind: 'token', token })
          }}
        >
          <PasswordInput
            label="API token"
            description={credential.kind === 'token' ? 'A token is set.' : 'No token is set.'}
            value={token}
            autoComplete="off"
            onChange={(event) => setToken(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" mt="xs">
            {token === '' && credential.kind === 'token' ? 'Unset token' : 'Set token'}
          </Button>
        </form>
        {data.can.actAs ? <SendAs data={data} credential={credential} use={use} /> : null}
        {house.isSignedIn() ? (
          <Button variant="default" size="xs" onClick={() => use({ kind: 'session' })}>
            Send my session
          </Button>
        ) : null}
        <Button variant="subtle" size="xs" disabled={credential.kind === 'none'} onClick={() => use({ kind: 'none' })}>
          Send no credential
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

function SendAs({
  data,
  credential,
  use,
}: {
  readonly data: ExplorerData
  readonly credential: Credential
  readonly use: (credential: Credential) => void
}) {
  const { users, roles, tokens } = data.people
  const value = credential.kind === 'as' ? JSON.stringify(credential.as) : ''
  const options = [
    { value: '', label: 'nobody' },
    ...users.map((user) => ({
      value: JSON.stringify({ user: user.name }),
      label: user.roles.length > 0 ? `${user.name} (${user.roles.join(', ')})` : user.name,
    })),
    ...roles.map((role) => ({ value: JSON.stringify({ role }), label: `anyone with role ${role}` })),
    ...tokens.map(({ id, name }) => ({
      value: JSON.stringify({ token: String(id) }),
      label: `API token ${id}: ${name}`,
    })),
  ]
  return (
    <NativeSelect
      label="Send as"
      description="In development, without a password."
      data={options}
      value={value}
      onChange={(event) => {
        const chosen = event.currentTarget.value
        use(chosen === '' ? { kind: 'none' } : { kind: 'as', as: JSON.parse(chosen) as ActAs })
      }}
    />
  )
}
