/** Who is asking. Plain data: it travels into the site's thread as it is, so it never holds a secret. */
export type Caller = Anonymous | TokenCaller | UserCaller

export interface Anonymous {
  readonly kind: 'anonymous'
}

/** An API token that acts for no user. */
export interface TokenCaller {
  readonly kind: 'token'
  readonly tokenId: number
  readonly name: string
  /** Absent: whatever the token's creator may do. */
  readonly scopes?: readonly string[]
}

export interface UserCaller {
  readonly kind: 'user'
  readonly id: number
  readonly name: string
  /** Public code of the user, compared by `userCodeSegment`; not a secret. */
  readonly code: string
  /** With inherited roles already unfolded. */
  readonly roles: readonly string[]
  readonly via: 'session' | 'cookie' | 'token'
  readonly tokenId?: number
  /** The session in use, so that it can end itself. */
  readonly sessionId?: number
  readonly scopes?: readonly string[]
}

export const anonymous: Anonymous = Object.freeze({ kind: 'anonymous' })
