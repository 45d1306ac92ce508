import type { Endpoint } from '../endpoint/record.ts'
import { openapi } from './openapi.ts'
import type { DescribePorts } from './ports.ts'
import { toYaml } from './to-yaml.ts'

interface Written {
  readonly endpoints: readonly Endpoint[]
  readonly url: string
  readonly text: string
}

const kept = 8

/**
 * The document as text, written once for each kind of caller: a large one takes tens of milliseconds, which nobody must
 * be able to ask for over and over. Records are frozen, so the same records are the same document.
 */
export function writeOpenapi(
  format: 'json' | 'yaml',
): (endpoints: readonly Endpoint[], api: DescribePorts['api']) => string {
  let written: readonly Written[] = []
  return (endpoints, api) => {
    const found = written.find((one) => one.url === api.url && isSame(one.endpoints, endpoints))
    if (found !== undefined) return found.text
    const document = openapi(endpoints, api)
    const text = format === 'json' ? JSON.stringify(document) : toYaml(document)
    written = [{ endpoints, url: api.url, text }, ...written].slice(0, kept)
    return text
  }
}

function isSame(one: readonly Endpoint[], other: readonly Endpoint[]): boolean {
  return one.length === other.length && one.every((endpoint, index) => endpoint === other[index])
}
