import { z } from 'zod'
import { PosternError } from '../errors/postern-error.ts'
import type { Transaction } from '../store/port.ts'
import { audit } from './audit.ts'
import type { Origin } from './audit-event.ts'
import { emailAddress } from './identity.ts'
import { addressChangedLetter, newAddressLetter, resetLetter } from './letters.ts'
import { newLink, refuseBadLink, useLink, type Link } from './links.ts'
import { nowText, type Room } from './room.ts'
import { onlyOnce } from './unique.ts'
import type { User } from './user.ts'
import { changeUser, findUser, prepareChanges } from './users.ts'

/**
 * Sends a link for a new password, if there is such a user in use. Nothing of it happens before the answer, so the answer
 * and its time are the same for everybody; the mail goes to the address on file, never to the one that was typed.
 */
export function startReset(room: Room, email: string): void {
  room.background.start(async () => {
    const user = await findUser(room, email)
    if (user === undefined || user.email === null || !user.active) return
    const secret = await newLink(room, 'reset', { user: user.id })
    await room.mail.send(resetLetter(room, { ...user, email: user.email }, secret))
  })
}

/**
 * Sets the password, and uses the link up with it or not at all: whoever is told to try again can. Every session ends, since
 * one of them may be the reason.
 */
export async function finishReset(
  room: Room,
  { secret, password }: { readonly secret: string; readonly password: string },
  origin: Origin,
): Promise<void> {
  const shown = { purpose: 'reset', secret } as const
  await refuseBadLink(room, shown)
  const prepared = await prepareChanges(room, { password })
  const id = await useLink(room, shown, async (link, transaction) => {
    const user = await requireLinked(room, link, transaction)
    await changeUser(room, { id: user.id, ...prepared }, transaction)
    const event = { event: 'password.changed', user: user.id, detail: { by: 'link' } } as const
    await audit(room, { ...origin, ...event }, transaction)
    return user.id
  })
  room.cache.forgetUser(id)
}

/** Asks the new address for its consent. Whether somebody else has it already is only told to whoever reads its mail. */
export function startAddressChange(room: Room, user: User, email: string): void {
  room.background.start(async () => {
    if ((await findUser(room, email)) !== undefined) return
    const secret = await newLink(room, 'email', { user: user.id, data: { email } })
    await room.mail.send(newAddressLetter(room, { name: user.name, email }, secret))
  })
}

/** Makes the proved address the account's; the old one is told, and every session ends. CONFLICT where it is taken by now. */
export async function finishAddressChange(room: Room, secret: string, origin: Origin): Promise<void> {
  const { id, name, email } = await onlyOnce(() =>
    useLink(room, { purpose: 'email', secret }, async (link, transaction) => {
      const user = await requireLinked(room, link, transaction)
      const prepared = await prepareChanges(room, { ...linkData.parse(link.data), verified: nowText(room) })
      await changeUser(room, { id: user.id, ...prepared }, transaction)
      const event = { event: 'user.changed', user: user.id, detail: { changed: ['email'] } } as const
      await audit(room, { ...origin, ...event }, transaction)
      return user
    }),
  )
  room.cache.forgetUser(id)
  if (email !== null) room.background.start(() => room.mail.send(addressChangedLetter({ name, email })))
}

async function requireLinked(room: Room, { user: id }: Link, transaction: Transaction): Promise<User> {
  const user = id === null ? undefined : await findUser(room, id, transaction)
  if (user === undefined) throw new PosternError('BAD_LINK', 'The account of this link is gone.')
  return user
}

const linkData = z.object({ email: emailAddress })
