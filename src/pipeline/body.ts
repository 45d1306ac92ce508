import { PosternError } from '../errors/postern-error.ts'
import { decodeUtf8, parseJson } from '../schema/json.ts'
import { parseQuery } from './query-string.ts'

/** JSON and forms as values, text as text, other media types (only where the endpoint accepts them) as bytes. */
export function parseBody(bytes: Uint8Array, mediaType: string): unknown {
  if (isJson(mediaType)) return parseJson(bytes)
  if (mediaType === 'application/x-www-form-urlencoded') return parseForm(bytes)
  return mediaType.startsWith('text/') ? decodeUtf8(bytes) : bytes
}

/** Media types that every endpoint takes; others must be named in `accepts`. */
export function isAccepted(mediaType: string, accepts: readonly string[] | undefined): boolean {
  if (accepts) return accepts.includes(mediaType)
  return isJson(mediaType) || mediaType === 'application/x-www-form-urlencoded'
}

/**
 * The media type of a Content-Type header in lower case, without parameters; `undefined` where it is not one that two
 * readers would understand alike, or names a charset other than UTF-8.
 */
export function readMediaType(header: string): string | undefined {
  const found = /^([a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+) *((?:; *[a-z0-9-]+=(?:[a-z0-9'._+-]+|"[^"\\]*") *)*)$/i.exec(
    header,
  )
  if (!found) return undefined
  const charset = /charset="?([^";\s]+)/i.exec(found[2] ?? '')
  if (charset && charset[1]?.toLowerCase() !== 'utf-8') return undefined
  return found[1]?.toLowerCase()
}

function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType.endsWith('+json')
}

function parseForm(bytes: Uint8Array): unknown {
  try {
    return { ...parseQuery(decodeUtf8(bytes)) }
  } catch (cause) {
    if (cause instanceof PosternError && cause.code === 'BAD_QUERY') {
      throw new PosternError('BAD_BODY', cause.message.replace('query string', 'form'), { cause })
    }
    throw cause
  }
}
