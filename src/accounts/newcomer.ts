import { randomUUID } from 'node:crypto'
import { PosternError } from '../errors/postern-error.ts'
import type { Row } from '../store/port.ts'
import { audit } from './audit.ts'
import { userName } from './identity.ts'
import type { Stranger } from './oidc.ts'
import { nowText, type Room } from './room.ts'
import { badLogin, findCredentials, type Credentials } from './sign-in.ts'
import { createUser, findUser } from './users.ts'

/**
 * Whom a provider's word stands for: the user it was tied to before; else the user who has proved the same address, if the
 * provider vouches for it; else a newcomer, where the site takes any. An address that one side has not proved ties nobody.
 */
export async function userOfStranger(room: Room, stranger: Stranger): Promise<Credentials> {
  const tied = await tiedUser(room, stranger)
  const id = tied ?? (await userOfAddress(room, stranger)) ?? (await enrol(room, stranger))
  if (tied === undefined) await tie(room, stranger, id)
  const user = await findCredentials(room, id)
  if (user === undefined || !user.active) throw badLogin()
  return user
}

async function tiedUser(room: Room, { issuer, subject }: Stranger): Promise<number | undefined> {
  const row = await room.store.read.first({
    from: 'account_identities',
    select: ['user_id'],
    where: {
      all: [
        { column: 'issuer', is: 'eq', value: issuer },
        { column: 'subject', is: 'eq', value: subject },
      ],
    },
  })
  return typeof row?.['user_id'] === 'number' ? row['user_id'] : undefined
}

async function userOfAddress(room: Room, { email }: Stranger): Promise<number | undefined> {
  const user = email === undefined ? undefined : await findUser(room, email)
  if (user === undefined) return undefined
  if (user.verified !== null) return user.id
  throw new PosternError('CONFLICT', 'An account with this address exists, which has not proved it yet.', {
    hint: 'Prove the address of the account first, or ask an administrator.',
  })
}

async function enrol(room: Room, stranger: Stranger): Promise<number> {
  const { register } = room.settings
  if (register === undefined) throw new PosternError('FORBIDDEN', 'This site does not let people register themselves.')
  const { email } = stranger
  const user = await createUser(room, {
    name: await freeName(room, stranger),
    roles: [...(register.roles ?? [])],
    ...(email === undefined ? {} : { email, verified: true }),
  })
  await audit(room, { event: 'user.created', user: user.id, detail: { issuer: stranger.issuer } })
  return user.id
}

async function tie(room: Room, { issuer, subject }: Stranger, user: number): Promise<void> {
  const values: Row = { issuer, subject, user_id: user, created: nowText(room) }
  await room.store.write.run({
    insert: 'account_identities',
    values,
    onConflict: { columns: ['issuer', 'subject'], update: [] },
  })
}

/** The name they go by elsewhere where it can be one here and is free, else one with a number. */
async function freeName(room: Room, { name, email }: Stranger): Promise<string> {
  const wanted = [name, email?.split('@')[0], 'guest'].find((one) => userName.safeParse(one).success) ?? 'guest'
  if ((await findUser(room, wanted)) === undefined) return wanted
  return `${wanted.slice(0, 50)}-${randomUUID().slice(0, 8)}`
}
