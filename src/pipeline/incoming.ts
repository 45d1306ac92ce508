/** A request as the transport hands it over: nothing decoded, nothing believed, the body not yet read. */
export interface Incoming {
  /** Made by the server, never taken from the client. */
  readonly id: string
  readonly method: string
  /** The raw path: percent-encoding as sent, without the query string. */
  readonly path: string
  /** The raw query string, without `?`. */
  readonly search: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Every header line as sent, name and value in turn: how a repeated header is noticed. */
  readonly rawHeaders: readonly string[]
  /** The address that links are built from, such as `https://example.org`; from settings, not from the client. */
  readonly base: string
  readonly ip: string
  /** Aborted when the client leaves. */
  readonly signal: () => AbortSignal
  /** All bytes, refused with BODY_TOO_LARGE beyond the limit, counted as they are read. */
  readonly body: (limit: number) => Promise<Uint8Array>
}
