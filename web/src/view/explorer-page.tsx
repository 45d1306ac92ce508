import { Loader } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Credential } from '../data/credential.ts'
import { useExplorer } from '../data/use-explorer.ts'
import { useStored } from '../data/use-stored.ts'
import { EndpointDetail } from './endpoint-detail.tsx'
import { EndpointList } from './endpoint-list.tsx'
import { PageHeader } from './page-header.tsx'
import { ProblemBanner } from './problem-banner.tsx'
import { SignIn } from './sign-in.tsx'

/** The list on the left, one endpoint on the right; on a small screen one after the other. */
export function ExplorerPage() {
  const { data, error, connection, fresh, reload } = useExplorer()
  const [credential, setCredential] = useStored<Credential>(sessionStorage, 'credential', { kind: 'none' })
  const [chosen, choose] = useHash()

  if (!data && error) return <SignIn error={error} signedIn={reload} />
  if (!data) return <Loader className="waiting" aria-label="Loading" />
  const endpoint = data.endpoints.find(({ id }) => id === chosen)
  return (
    <div className="page" data-chosen={endpoint ? true : undefined}>
      <PageHeader data={data} connection={connection} credential={credential} setCredential={setCredential} />
      <ProblemBanner problems={data.problems} />
      <EndpointList data={data} fresh={fresh} chosen={chosen} choose={choose} />
      <main className="detail" id="detail">
        {endpoint ? (
          <EndpointDetail
            key={endpoint.id}
            data={data}
            endpoint={endpoint}
            credential={credential}
            back={() => choose('')}
          />
        ) : (
          <Welcome gone={chosen} count={data.endpoints.length} />
        )}
      </main>
    </div>
  )
}

function Welcome({ gone, count }: { readonly gone: string; readonly count: number }) {
  return (
    <div className="welcome">
      <h2>{gone ? `There is no ${gone} here` : `${count} endpoints`}</h2>
      <p>
        {gone ? 'Its file may have been moved, or its rule may hide it from you. ' : ''}Choose one to see who may call
        it, to send a request, and to see why it is answered as it is.
      </p>
      <p>
        <kbd>/</kbd> searches, <kbd>↑</kbd> <kbd>↓</kbd> walk through the list, <kbd>Ctrl</kbd> <kbd>Enter</kbd> sends.
      </p>
    </div>
  )
}

/** The chosen endpoint's id is in the address, so that it can be bookmarked and the browser's back button works. */
function useHash(): [string, (id: string) => void] {
  const [id, setId] = useState(readHash)
  useEffect(() => {
    const follow = (): void => setId(readHash())
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return [id, (next) => (location.hash = encodeURIComponent(next))]
}

/** What somebody mistyped is looked for as it is. */
function readHash(): string {
  const written = location.hash.slice(1)
  try {
    return decodeURIComponent(written)
  } catch {
    return written
  }
}
