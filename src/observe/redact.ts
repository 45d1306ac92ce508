const secretNames =
  'token|password|passwd|secret|authorization|api[-_]?key|private[-_]?key|signature|cookie|bearer|credential|jwt'
const secretName = new RegExp(secretNames, 'i')
/** Bounded, so that no text makes it slow. */
const secretInJson = new RegExp(`("[\\w-]{0,40}(?:${secretNames})[\\w-]{0,40}"\\s{0,9}:\\s{0,9}")[^"]+`, 'gi')
/** What a provider of sign-in sends a browser back with; either name alone is a name like any other. */
const signInName = /^(code|state)$/
const mask = '[redacted]'
const longestUrl = 500

/** The form that tokens, keys and one-time links have, so that one is known wherever it stands. */
const ownSecret = /(pat_|psa_|psr_|psc_|psd_|pl_)[\w-]{49}/g

/** A raw query string without the values of names that may hold a credential, however the name is spelled. */
export function redactSearch(search: string): string {
  const open = withoutOwn(search)
  if (open === '' || !mayHoldSecret(open)) return open
  const isSignIn = comesFromSignIn(open)
  return open
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=')
      if (equals < 0) return pair
      const name = decoded(pair.slice(0, equals))
      return secretName.test(name) || (isSignIn && signInName.test(name)) ? `${pair.slice(0, equals)}=${mask}` : pair
    })
    .join('&')
}

/** Path and query as a log may show them. */
export function redactUrl(path: string, search: string): string {
  const open = withoutOwn(path)
  const url = search === '' ? open : `${open}?${redactSearch(search)}`
  return url.length > longestUrl ? `${url.slice(0, longestUrl)}…` : url
}

/** Most addresses have no such thing as an underscore. */
function withoutOwn(text: string): string {
  return text.includes('_') ? text.replaceAll(ownSecret, `$1${mask}`) : text
}

/** Free text without passwords in addresses (`postgres://user:…@`), values of JSON that are named like a secret, bearer tokens and secrets of Postern's own making. */
export function redactText(text: string): string {
  return text
    .replaceAll(ownSecret, `$1${mask}`)
    .replaceAll(/(:\/\/[^\s:/@]*:)[^\s@/]+@/g, `$1${mask}@`)
    .replaceAll(secretInJson, `$1${mask}`)
    .replaceAll(/\b(bearer\s+)[\w.~+/=-]{8,}/gi, `$1${mask}`)
}

/** A copy of the facts, with what is named like a secret masked; deep things are cut, cycles and getters that throw survive. */
export function redactFacts(facts: unknown, depth = 0): unknown {
  if (typeof facts === 'string') return redactText(facts)
  if (typeof facts === 'bigint') return String(facts)
  if (typeof facts !== 'object' || facts === null) return facts
  if (depth >= 5) return '[deep]'
  try {
    if (Array.isArray(facts)) return facts.slice(0, 100).map((part) => redactFacts(part, depth + 1))
    const entries = Object.entries(facts).slice(0, 100)
    return Object.fromEntries(
      entries.map(([key, value]) => [key, secretName.test(key) ? mask : redactFacts(value, depth + 1)]),
    )
  } catch {
    return '[unreadable]'
  }
}

/** Most query strings hold neither a telling word nor an encoded character that could spell one. */
function mayHoldSecret(search: string): boolean {
  return search.includes('%') || secretName.test(search) || comesFromSignIn(search)
}

function comesFromSignIn(search: string): boolean {
  return /(^|&)state=/.test(search) && /(^|&)code=/.test(search)
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    // What cannot be decoded cannot be judged: taken for the worst.
    return 'secret'
  }
}
