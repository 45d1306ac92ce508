import type { Endpoint } from '../endpoint/record.ts'
import type { Fault } from './site.ts'
import { siteFile } from './stack-frames.ts'
import type { Evidence } from './thread-site.ts'

/** Which endpoint a fault is laid to: the one whose file stands on the stack, else the one that began last. */
export function blame(evidence: Evidence, root: string, records: readonly Endpoint[]): Fault {
  const { kind, frames, lastBegun } = evidence
  const places = frames.flatMap((frame) => {
    const file = siteFile(root, frame)
    return file === undefined ? [] : [{ file, line: frame.line }]
  })
  const named = places.map((place) => endpointAt(place, records, lastBegun)).find((id) => id !== undefined)
  const endpoint = named ?? lastBegun
  const at = places[0]
  const message = evidence.message.split('\n', 1)[0] ?? ''
  return { kind, message, ...(endpoint === undefined ? {} : { endpoint }), ...(at ? { at } : {}) }
}

interface FileLine {
  readonly file: string
  readonly line: number
}

/** Of several endpoints in one file: the one that began last, else the one that is written above the line. */
function endpointAt(
  { file, line }: FileLine,
  records: readonly Endpoint[],
  lastBegun: string | undefined,
): string | undefined {
  const here = records.filter((record) => record.origin.file === file)
  if (here.some((record) => record.id === lastBegun)) return lastBegun
  const above = here.filter((record) => (record.origin.line ?? 1) <= line)
  return (above.toSorted((one, other) => (other.origin.line ?? 1) - (one.origin.line ?? 1))[0] ?? here[0])?.id
}
