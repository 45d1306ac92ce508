import { Alert, Button } from '@mantine/core'
import { Download } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { Exchange } from '../request/send.ts'
import { JsonText } from './json-text.tsx'

/** A page with more text than this in one box answers slowly; the whole of it can be saved. */
const mostShown = 200_000

/** Text as text, JSON indented, pictures as pictures; of other bytes, what they are and how to get them. */
export function AnswerBody({ exchange, json }: { readonly exchange: Exchange; readonly json: unknown }) {
  const { binary, text, state, bytes } = exchange
  if (bytes === 0) return <p className="quiet">{state === 'open' ? 'Nothing has come yet.' : 'No body.'}</p>
  if (binary) return <Binary exchange={exchange} blob={binary} />
  if (json !== undefined && text.length <= mostShown) return <JsonText value={json} />
  return (
    <>
      {text.length > mostShown ? (
        <Alert color="cyan" role="note">
          The first {mostShown.toLocaleString('en')} characters of {text.length.toLocaleString('en')}. Save the body to
          see the rest.
        </Alert>
      ) : null}
      <pre tabIndex={0}>{state === 'open' ? text.slice(-mostShown) : text.slice(0, mostShown)}</pre>
    </>
  )
}

function Binary({ exchange, blob }: { readonly exchange: Exchange; readonly blob: Blob }) {
  const isPicture = exchange.state === 'whole' && /^image\/(?:png|jpeg|gif|webp|avif|svg\+xml)/.test(blob.type)
  const address = useAddress(isPicture ? blob : undefined)
  return (
    <>
      <p className="quiet" data-testid="binary">
        {exchange.bytes.toLocaleString('en')} bytes of {blob.type || 'an unknown type'}, which are no text.
      </p>
      {address ? <img className="picture" src={address} alt="The answer" /> : null}
    </>
  )
}

/** Of the blob, as long as it is shown. */
function useAddress(blob: Blob | undefined): string | undefined {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    if (!blob) return
    const made = URL.createObjectURL(blob)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return blob && address
}

export function SaveBody({ exchange }: { readonly exchange: Exchange }) {
  const name = useMemo(() => nameOf(exchange), [exchange])
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<Download size={14} />}
      onClick={() => save(exchange, name)}
    >
      Save body
    </Button>
  )
}

function save({ binary, text }: Exchange, name: string): void {
  const address = URL.createObjectURL(binary ?? new Blob([text]))
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** What the server calls it, else the last part of the path with the ending of its type. */
function nameOf({ headers, address }: Exchange): string {
  const header = (wanted: string): string => headers.find(([name]) => name === wanted)?.[1] ?? ''
  const given = /filename="?([^";]+)"?/.exec(header('content-disposition'))?.[1]
  if (given !== undefined) return given
  const last = address.split('?')[0]?.split('/').at(-1) || 'answer'
  const kind = /[/+](json|xml|html|plain|csv|png|jpeg|gif|webp|svg|pdf)\b/.exec(header('content-type'))?.[1]
  return last.includes('.') || kind === undefined ? last : `${last}.${kind === 'plain' ? 'txt' : kind}`
}
