import { Button, Menu } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { bearerOf, type Credential } from '../data/credential.ts'
import type { ExplorerData, ExplorerEndpoint } from '../data/model.ts'
import { asClient, asCurl, asFetch } from '../request/copy-as.ts'
import type { Draft } from '../request/draft.ts'

interface Props {
  readonly data: ExplorerData
  readonly endpoint: ExplorerEndpoint
  readonly draft: Draft
  readonly credential: Credential
}

const forms = [
  ['curl', asCurl],
  ['fetch', asFetch],
  ['typed client', asClient],
] as const

/** The request as something to run elsewhere, with the credential in it. */
export function CopyMenu({ data, endpoint, draft, credential }: Props) {
  const [said, setSaid] = useState<'Copied' | 'Could not copy'>()
  const copy = async (write: (typeof forms)[number][1]): Promise<void> => {
    try {
      const token = await bearerOf(credential)
      await navigator.clipboard.writeText(write({ endpoint, draft, token, url: data.url }))
      setSaid('Copied')
    } catch {
      // A person may be gone, the server away, or the browser may not let the page write.
      setSaid('Could not copy')
    }
    setTimeout(() => setSaid(undefined), 1500)
  }
  return (
    <Menu position="bottom-start" withinPortal={false}>
      <Menu.Target>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={said === 'Copied' ? <Check size={14} /> : <Copy size={14} />}
          data-testid="copy"
        >
          {said ?? 'Copy as'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {forms.map(([name, write]) => (
          <Menu.Item key={name} onClick={() => void copy(write)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
