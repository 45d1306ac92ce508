import { audit } from './audit.ts'
import type { Origin } from './audit-event.ts'
import { dropLinks, newLink, useLink } from './links.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Room } from './room.ts'
import { closeSetup, isSetupOpen } from './setup.ts'
import { onlyOnce } from './unique.ts'
import type { User } from './user.ts'
import { insertUser, newUserRow, type NewUser } from './users.ts'

/**
 * The secret of the one-time link by which a fresh site gets its first administrator, or `undefined` where the site has
 * (or ever had) one. Asking again makes the earlier link useless.
 */
export async function firstAdminLink(room: Room): Promise<string | undefined> {
  return (await isSetupOpen(room.store.read)) ? newLink(room, 'first-admin') : undefined
}

/** Makes the administrator, once for ever: of any number of requests at once, and of all later ones, one succeeds. */
export async function createFirstAdmin(
  room: Room,
  { link: secret, ...person }: NewUser & { readonly link: string },
  origin: Origin,
): Promise<User> {
  const row = await newUserRow(room, { ...person, roles: ['admin'] })
  return onlyOnce(() =>
    useLink(room, { purpose: 'first-admin', secret }, async (_link, transaction) => {
      if (!(await closeSetup(transaction))) throw new PosternError('BAD_LINK', 'This site has its administrator.')
      const made = await insertUser(row, transaction)
      await dropLinks(transaction, 'first-admin')
      const event = { event: 'user.created', user: made.id, detail: { first: true } } as const
      await audit(room, { ...origin, ...event }, transaction)
      return made
    }),
  )
}
