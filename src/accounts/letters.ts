import type { Message } from './mail.ts'
import type { Room } from './room.ts'
import type { User } from './user.ts'

/**
 * The mails of this room. Links are made of the configured address alone, whatever the request claims to have been sent
 * to; names are text and stay text.
 */
export function verifyLetter(room: Room, user: Addressed, secret: string): Message {
  return letter(user, 'Please confirm your e-mail address', [
    'Somebody, presumably you, gave this address at registration. To confirm it, open:',
    linkTo(room, 'verify', secret),
    'The link works once, for two days. If it was not you, there is nothing to do.',
  ])
}

export function resetLetter(room: Room, user: Addressed, secret: string): Message {
  return letter(user, 'A new password', [
    'Somebody, presumably you, asked for a new password. To choose one, open:',
    linkTo(room, 'reset', secret),
    'The link works once, for an hour. If it was not you, there is nothing to do: the old password stays.',
  ])
}

export function newAddressLetter(room: Room, user: Addressed, secret: string): Message {
  return letter(user, 'Please confirm your new e-mail address', [
    'To make this the address of your account, open:',
    linkTo(room, 'email', secret),
    'The link works once, for a day. Until then the old address stays.',
  ])
}

export function alreadyHereLetter(user: Addressed): Message {
  return letter(user, 'You have an account already', [
    'Somebody, presumably you, tried to register with this address, which has an account already.',
    'You can sign in with it, or ask for a new password.',
  ])
}

export function addressChangedLetter(user: Addressed): Message {
  return letter(user, 'Your e-mail address was changed', [
    'This is no longer the address of your account. If that was not you, tell the people who run this site.',
  ])
}

export function recoveredLetter(user: Addressed, left: number): Message {
  return letter(user, 'A recovery code was used', [
    'Somebody, presumably you, signed in with your password and one of your recovery codes.',
    left === 0 ? 'It was the last one: make new ones.' : `${left} of them are left.`,
    'If that was not you, change your password and make new recovery codes.',
  ])
}

interface Addressed extends Pick<User, 'name'> {
  readonly email: string
}

/** Where the pages are that take the secrets of links; each is the endpoint itself, asked with GET. */
export function linkTo(room: Room, page: 'verify' | 'reset' | 'email' | 'first-admin', secret: string): string {
  const { publicUrl, apiBase } = room.settings
  return `${(publicUrl ?? room.served.at).replace(/\/$/, '')}${apiBase}/auth/${page}?link=${secret}`
}

function letter(user: Addressed, subject: string, lines: readonly string[]): Message {
  return { to: user.email, subject, text: [`Hello ${user.name},`, ...lines].join('\n\n') }
}
