import { z } from 'zod'
import { PosternError } from '../errors/postern-error.ts'
import { audit } from './audit.ts'
import { emailAddress, userName } from './identity.ts'
import { alreadyHereLetter, verifyLetter } from './letters.ts'
import { newLink, useLink } from './links.ts'
import { nowText, type Room } from './room.ts'
import { userOf, userColumns, type User } from './user.ts'
import { createUser, findUser, newPassword } from './users.ts'

/** All that a newcomer may say of themselves: roles, codes and the like are not theirs to choose. */
export const registration = z.strictObject({ name: userName, email: emailAddress, password: newPassword })

/**
 * The new user, or `undefined` where a mail decides. With verification the answer is the same whether the address has an
 * account or not; what differs is the mail, which only its owner reads. FORBIDDEN where the site lets nobody register.
 */
export async function register(room: Room, input: z.output<typeof registration>): Promise<User | undefined> {
  const { register: terms } = room.settings
  if (terms === undefined) throw new PosternError('FORBIDDEN', 'This site does not let people register themselves.')
  const verify = terms.verify === true
  const holder = verify ? await findUser(room, input.email) : undefined
  if (holder !== undefined) return turnAway(room, holder, input)
  const user = await createUser(room, { ...input, roles: [...(terms.roles ?? [])], active: !verify })
  await audit(room, { event: 'user.created', user: user.id, detail: { registered: true } })
  if (!verify) return user
  room.background.start(() => sendVerification(room, user))
  return undefined
}

/** Proves the address and brings the account into use. BAD_LINK otherwise. */
export async function verifyAddress(room: Room, secret: string): Promise<User> {
  const user = await useLink(room, { purpose: 'verify', secret }, async ({ user: id }, transaction) => {
    const set = { verified: nowText(room), active: true }
    const where = { column: 'id', is: 'eq', value: id } as const
    const { rows } = await transaction.run({ update: 'account_users', set, where, returning: [...userColumns] })
    return rows[0] && userOf(rows[0])
  })
  if (user === undefined) throw new PosternError('BAD_LINK', 'The account of this link is gone.')
  room.cache.forgetUser(user.id)
  return user
}

/** Costs what making a user costs. A taken name is told as it always is: names are public. */
async function turnAway(room: Room, holder: User, input: z.output<typeof registration>): Promise<undefined> {
  const named = await findUser(room, input.name)
  await room.passwords.hash(input.password)
  if (named !== undefined) {
    const errors = [{ path: 'body.name', message: 'is already taken' }]
    throw new PosternError('CONFLICT', 'Already taken: name.', { errors })
  }
  room.background.start(async () => {
    if (holder.email !== null) await room.mail.send(alreadyHereLetter({ ...holder, email: holder.email }))
  })
  return undefined
}

async function sendVerification(room: Room, user: User): Promise<void> {
  if (user.email === null) return
  const secret = await newLink(room, 'verify', { user: user.id })
  await room.mail.send(verifyLetter(room, { ...user, email: user.email }, secret))
}
