import type { Draft } from './draft.ts'
import { reasonOf } from './reason.ts'

export interface Exchange {
  readonly method: string
  readonly address: string
  readonly body: string
  readonly status: number
  readonly reason: string
  readonly ms: number
  readonly bytes: number
  readonly headers: readonly (readonly [string, string])[]
  /** What came so far; empty where it is no text. */
  readonly text: string
  /** Its bytes, where it is no text. */
  readonly binary?: Blob
  /** `open`: more is to come; `stopped`: more was to come. */
  readonly state: 'open' | 'whole' | 'stopped'
}

export interface Watching {
  /** Ends the request, and a stream that never ends by itself. */
  readonly signal: AbortSignal
  /** What is there so far, now and then. */
  readonly progress: (exchange: Exchange) => void
}

/** Sends what the draft says and nothing more: no cookie, unless this browser's own session was asked for. */
export async function send(
  draft: Draft,
  { address, token }: { readonly address: string; readonly token: string | undefined },
  watching: Watching,
): Promise<Exchange> {
  const hasBody = draft.verb !== 'GET' && draft.body.trim() !== ''
  const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5' }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  if (hasBody) headers['content-type'] = 'application/json'
  const started = performance.now()
  const answer = await fetch(address, {
    method: draft.verb,
    headers,
    body: hasBody ? draft.body : null,
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'manual',
    signal: watching.signal,
  })
  const sent = { method: draft.verb, address, body: hasBody ? draft.body : '' }
  return receive(answer, (part) => ({ ...sent, ...headOf(answer), ms: performance.now() - started, ...part }), watching)
}

type Part = Pick<Exchange, 'bytes' | 'text' | 'state'> & { readonly binary?: Blob }

/** Reads to the end, and tells of what is there ten times a second at most: a large answer comes in thousands of pieces. */
async function receive(answer: Response, made: (part: Part) => Exchange, watching: Watching): Promise<Exchange> {
  const type = answer.headers.get('content-type') ?? ''
  const decoder = isText(type) ? new TextDecoder() : undefined
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let text = ''
  let bytes = 0
  let told = performance.now()
  const soFar = (state: Exchange['state']): Exchange =>
    made({ bytes, text, state, ...(decoder || bytes === 0 ? {} : { binary: new Blob(pieces, { type }) }) })
  try {
    for await (const piece of piecesOf(answer)) {
      bytes += piece.byteLength
      if (decoder) text += decoder.decode(piece, { stream: true })
      else pieces.push(piece)
      if (performance.now() - told < between) continue
      told = performance.now()
      watching.progress(soFar('open'))
    }
  } catch (thrown) {
    if (!watching.signal.aborted) throw thrown
    return soFar('stopped')
  }
  text += decoder?.decode() ?? ''
  return soFar('whole')
}

/** ms */
const between = 100

async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = body?.getReader()
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) return
    yield value
  }
}

/** Without a type it is shown as text. */
function isText(type: string): boolean {
  return type === '' || /^text\/|[/+](?:json|xml)\b|javascript|x-www-form-urlencoded|x-ndjson/.test(type)
}

function headOf(answer: Response): Pick<Exchange, 'status' | 'reason' | 'headers'> {
  return { status: answer.status, reason: reasonOf(answer), headers: [...answer.headers] }
}
