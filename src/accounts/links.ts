import type { Row, Transaction } from '../store/port.ts'
import type { Predicate } from '../store/predicate.ts'
import { PosternError } from '../errors/postern-error.ts'
import { isoTime } from './duration.ts'
import { nowText, type Room } from './room.ts'
import { digest, kindOfSecret, newSecret } from './secret.ts'

/** What a one-time link opens. One made for one purpose opens no other. */
export type LinkPurpose = 'verify' | 'reset' | 'email' | 'first-admin' | 'factor' | 'oidc'

const lifetimes: Record<LinkPurpose, number> = {
  verify: 172_800,
  reset: 3_600,
  email: 86_400,
  'first-admin': 604_800,
  factor: 600,
  oidc: 600,
}

export interface Link {
  readonly user: number | null
  readonly data: unknown
}

/** The secret of a new link; an earlier one of the same user and purpose stops working. */
export async function newLink(
  room: Room,
  purpose: LinkPurpose,
  link: { readonly user?: number; readonly data?: unknown } = {},
): Promise<string> {
  const secret = newSecret('link')
  const expires = isoTime(room.settings.now() + lifetimes[purpose] * 1_000)
  const values: Row = {
    digest: digest(secret),
    purpose,
    user_id: link.user ?? null,
    data: link.data ?? {},
    expires,
    used: null,
  }
  await room.store.write.transaction(async (transaction) => {
    if (replaces(purpose, link.user)) await dropLinks(transaction, purpose, link.user)
    await transaction.run({ insert: 'account_links', values })
  })
  return secret
}

export interface ShownLink {
  readonly purpose: LinkPurpose
  readonly secret: string
}

/** Uses a link up, together with what it was for: `work` shares its transaction. BAD_LINK where it opens nothing (any more). */
export async function useLink<Result>(
  room: Room,
  shown: ShownLink,
  work: (link: Link, transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  if (kindOfSecret(shown.secret) !== 'link') throw badLink()
  return room.store.write.transaction(async (transaction) => {
    const now = nowText(room)
    const used = await transaction.run({
      update: 'account_links',
      set: { used: now },
      where: stillGood(shown, now),
      returning: ['user_id', 'data'],
    })
    const [row] = used.rows
    if (row === undefined) throw badLink()
    return work({ user: typeof row['user_id'] === 'number' ? row['user_id'] : null, data: row['data'] }, transaction)
  })
}

/** Before something dear is done for a link: BAD_LINK where `useLink` would say so. */
export async function refuseBadLink(room: Room, shown: ShownLink): Promise<void> {
  const where = stillGood(shown, nowText(room))
  const found = await room.store.read.first({ from: 'account_links', select: ['digest'], where })
  if (found === undefined) throw badLink()
}

function stillGood({ purpose, secret }: ShownLink, now: string): Predicate {
  return {
    all: [
      { column: 'digest', is: 'eq', value: digest(secret) },
      { column: 'purpose', is: 'eq', value: purpose },
      { column: 'used', is: 'eq', value: null },
      { column: 'expires', is: 'gt', value: now },
    ],
  }
}

/** Takes back the links of a purpose: all of them, or one user's. */
export async function dropLinks(transaction: Transaction, purpose: LinkPurpose, user?: number): Promise<void> {
  const ofPurpose = { column: 'purpose', is: 'eq', value: purpose } as const
  const where =
    user === undefined ? ofPurpose : { all: [ofPurpose, { column: 'user_id', is: 'eq', value: user } as const] }
  await transaction.run({ delete: 'account_links', where })
}

/** Of links that belong to nobody only the first administrator's is the only one of its kind. */
function replaces(purpose: LinkPurpose, user: number | undefined): boolean {
  return user !== undefined || purpose === 'first-admin'
}

function badLink(): PosternError {
  return new PosternError('BAD_LINK', 'The link is unknown, used or expired.')
}
