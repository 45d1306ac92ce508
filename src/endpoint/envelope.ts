import type { Paging } from './content.ts'

/** What an enveloped endpoint may return where it has more to say than its data: the data, and where it is in a list. */
export class EnvelopeData {
  readonly data: unknown
  readonly paging: Partial<Paging> | undefined

  constructor(data: unknown, paging?: Partial<Paging>) {
    this.data = data
    this.paging = paging
  }
}

/** An answer with a status and no body, whatever the envelope. */
export class EmptyAnswer {
  readonly status: number

  constructor(status = 204) {
    if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError(`Not an HTTP status: ${status}`)
    this.status = status
  }
}
