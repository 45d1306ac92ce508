/** What a handler says beside what it returns. Chains: `reply.status(201).header('location', url)`. */
export class Reply {
  code: number | undefined
  readonly headers: Record<string, string> = {}

  status(code: number): this {
    if (!Number.isInteger(code) || code < 200 || code > 599) throw new RangeError(`Not an HTTP status: ${code}`)
    this.code = code
    return this
  }

  /** Throws on a name or value that cannot stand in a header, so that nothing can be smuggled into the answer. */
  header(name: string, value: string | number): this {
    const text = String(value)
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name)) throw new TypeError(`Not a header name: ${JSON.stringify(name)}`)
    if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) throw new TypeError(`Not a value for the header ${name}`)
    this.headers[name.toLowerCase()] = text
    return this
  }

  type(mediaType: string): this {
    return this.header('content-type', mediaType)
  }
}
