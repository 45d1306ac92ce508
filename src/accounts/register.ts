import { z } from 'zod'
import { PosternError } from '../errors/postern-error.ts'
import { audit } from './audit.ts'
import type { Origin } from './audit-event.ts'
import { emailAddress, userName } from './identity.ts'
import { alreadyHereLetter, verifyLetter } from './letters.ts'
import { newLink, useLink } from './links.ts'
import { nowText, type Room } from './room.ts'
import { onlyOnce } from './unique.ts'
import type { User } from './user.ts'
import { createUser, findUser, insertUser, newPassword, newUserRow } from './users.ts'

/** All that a newcomer may say of themselves: roles, codes and the like are not theirs to choose. */
export const registration = z.strictObject({ name: userName, email: emailAddress, password: newPassword })

type Registration = z.output<typeof registration>

/**
 * The new user, or `undefined` where a mail decides. With verification the answer is the same whether the address has an
 * account or not; what differs is the mail, which only its owner reads. FORBIDDEN where the site lets nobody register.
 */
export async function register(room: Room, input: Registration, origin: Origin): Promise<User | undefined> {
  const { roles, verify } = termsOf(room)
  if (verify) return askAddress(room, input)
  const user = await createUser(room, { ...input, roles })
  await audit(room, { ...origin, event: 'user.created', user: user.id, detail: { registered: true } })
  return user
}

/**
 * Makes the account that somebody asked for, now that the address has agreed. Until then there is none: whoever registers
 * with a foreign address leaves nothing behind that its owner could bring to life later. BAD_LINK otherwise.
 */
export async function verifyAddress(room: Room, secret: string, origin: Origin): Promise<User> {
  return onlyOnce(() =>
    useLink(room, { purpose: 'verify', secret }, async ({ data }, transaction) => {
      const { roles } = termsOf(room)
      const now = nowText(room)
      const row = { ...storedRow.parse(data), roles, verified: now, created: now, modified: now }
      const user = await insertUser(row, transaction)
      const event = { event: 'user.created', user: user.id, detail: { registered: true } } as const
      await audit(room, { ...origin, ...event }, transaction)
      return user
    }),
  )
}

const storedRow = z.record(z.string(), z.unknown())

function termsOf(room: Room): { readonly roles: string[]; readonly verify: boolean } {
  const { register: terms } = room.settings
  if (terms === undefined) throw new PosternError('FORBIDDEN', 'This site does not let people register themselves.')
  return { roles: [...(terms.roles ?? [])], verify: terms.verify === true }
}

/** Costs the same whoever has the address. A taken name is told at once: names are public. */
async function askAddress(room: Room, input: Registration): Promise<undefined> {
  const row = await newUserRow(room, input)
  const [holder, namesake] = [await findUser(room, input.email), await findUser(room, input.name)]
  if (namesake !== undefined) {
    const errors = [{ path: 'body.name', message: 'is already taken' }]
    throw new PosternError('CONFLICT', 'Already taken: name.', { errors })
  }
  room.background.start(async () => {
    const { name, email } = input
    if (holder?.email) return room.mail.send(alreadyHereLetter({ name: holder.name, email: holder.email }))
    return room.mail.send(verifyLetter(room, { name, email }, await newLink(room, 'verify', { data: row })))
  })
  return undefined
}
