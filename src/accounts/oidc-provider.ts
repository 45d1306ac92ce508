/** An OpenID provider that the site trusts to say who somebody is. */
export interface OidcProvider {
  /** Where its discovery document lies, such as `https://accounts.example.org`. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string | undefined
  /** Beside `openid`; absent: `email profile`. */
  readonly scope?: string | undefined
  /** Only for a provider on this machine, in development. */
  readonly allowHttp?: boolean | undefined
}
