import { credentialQueryNames } from './credential.ts'

/** Headers that never reach a handler, a log or a trace. */
export function credentialHeaders(tokenHeader: string): readonly string[] {
  return ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', tokenHeader]
}

/** The query string without its credentials; the names stay, so that a reader sees that there was one. */
export function redactSearch(search: string): string {
  if (!/token|%/.test(search)) return search
  return search
    .split('&')
    .map((pair) => (isCredential(pair) ? `${pair.split('=')[0] ?? ''}=[redacted]` : pair))
    .join('&')
}

/** Any secret of Postern's own making, wherever it stands in a text. */
export function redactText(text: string): string {
  return text.includes('_') ? text.replaceAll(ownSecret, '$1[redacted]') : text
}

const ownSecret = /(pat_|psa_|psr_|psc_|psd_|pl_)[\w-]{49}/g

function isCredential(pair: string): boolean {
  const [name] = new URLSearchParams(pair).keys()
  return name !== undefined && credentialQueryNames.includes(name)
}
