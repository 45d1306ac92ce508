import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { Moon, Sun } from 'lucide-react'
import type { Credential } from '../data/credential.ts'
import type { ExplorerData } from '../data/model.ts'
import type { Connection } from '../data/watch.ts'
import { CredentialPicker } from './credential-picker.tsx'

interface Props {
  readonly data: ExplorerData
  readonly connection: Connection
  readonly credential: Credential
  readonly setCredential: (credential: Credential) => void
}

export function PageHeader({ data, connection, credential, setCredential }: Props) {
  return (
    <header className="header">
      <a className="skip" href="#detail" onClick={skip}>
        Skip the list
      </a>
      <h1>
        {data.title} <span className="quiet">explorer</span>
      </h1>
      <span className="live" data-connection={connection} role="status">
        {connection === 'live' ? 'live' : 'server away'}
      </span>
      <CredentialPicker data={data} credential={credential} setCredential={setCredential} />
      <SchemeToggle />
    </header>
  )
}

/** The address's hash names the endpoint, so a plain jump would lose it. */
function skip(event: React.MouseEvent): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('.detail button, .detail input')?.focus()
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'light' ? 'dark' : 'light'
  return (
    <ActionIcon variant="default" size="lg" aria-label={`Use ${other} colours`} onClick={() => setColorScheme(other)}>
      {scheme === 'light' ? <Moon size={18} /> : <Sun size={18} />}
    </ActionIcon>
  )
}
