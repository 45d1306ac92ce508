import { z } from 'zod'
import { PosternError } from '../errors/postern-error.ts'
import { audit } from './audit.ts'
import { emailAddress } from './identity.ts'
import { addressChangedLetter, newAddressLetter, resetLetter } from './letters.ts'
import { newLink, useLink } from './links.ts'
import type { Room } from './room.ts'
import type { User } from './user.ts'
import { findUser, updateUser } from './users.ts'

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

/** Sets the password; every session ends, since one of them may be the reason. */
export async function finishReset(room: Room, secret: string, password: string): Promise<void> {
  const id = await useLink(room, { purpose: 'reset', secret }, async ({ user }) => user)
  if (id === null) throw new PosternError('BAD_LINK', 'The account of this link is gone.')
  await updateUser(room, id, { password })
  await audit(room, { event: 'password.changed', user: id, detail: { by: 'link' } })
}

/** Asks the new address for its consent. Whether somebody else has it already is only told to whoever reads its mail. */
export function startAddressChange(room: Room, user: User, email: string): void {
  room.background.start(async () => {
    if ((await findUser(room, email)) !== undefined) return
    const secret = await newLink(room, 'email', { user: user.id, data: { email } })
    await room.mail.send(newAddressLetter(room, { name: user.name, email }, secret))
  })
}

/** Makes the proved address the account's; the old one is told, and every session ends. */
export async function finishAddressChange(room: Room, secret: string): Promise<void> {
  const link = await useLink(room, { purpose: 'email', secret }, async (found) => found)
  const { email } = linkData.parse(link.data)
  const before = link.user === null ? undefined : await findUser(room, link.user)
  if (before === undefined) throw new PosternError('BAD_LINK', 'The account of this link is gone.')
  await updateUser(room, before.id, { email, verified: new Date(room.settings.now()).toISOString() })
  await audit(room, { event: 'user.changed', user: before.id, detail: { changed: ['email'] } })
  const old = before.email
  if (old !== null) room.background.start(() => room.mail.send(addressChangedLetter({ name: before.name, email: old })))
}

const linkData = z.object({ email: emailAddress })
