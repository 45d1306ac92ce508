/** The verbs an endpoint may answer. HEAD follows GET and OPTIONS belongs to CORS, so neither can be claimed. */
export const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Verb = (typeof verbs)[number]

export function isVerb(word: string): word is Verb {
  return (verbs as readonly string[]).includes(word)
}

/** Verbs that only read: a lost one may be tried again, and a cookie session needs no origin check for them. */
export function isSafe(verb: Verb): boolean {
  return verb === 'GET'
}
