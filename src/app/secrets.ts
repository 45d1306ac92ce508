import type { Settings } from '../config/settings.ts'
import { credentialQueryNames } from '../accounts/credential.ts'
import { credentialHeaders } from '../accounts/credential-headers.ts'
import type { Secrets } from '../pipeline/open.ts'

/** Where credentials travel on this site. */
export function secretsOf(settings: Settings, cookie: string): Secrets {
  return {
    headers: credentialHeaders(settings.tokens.header).filter((name) => name !== 'cookie'),
    query: settings.tokens.query ? credentialQueryNames : [],
    cookies: [cookie],
  }
}
