import { PosternError } from '../errors/postern-error.ts'
import { dropRecoveryCodes, renewRecoveryCodes } from './recovery-codes.ts'
import { change, nowText, type Room } from './room.ts'
import { endSessions } from './sessions.ts'
import type { User } from './user.ts'

/** A second factor being set up: what the authenticator app reads. Not in force until a first code was right. */
export interface NewFactor {
  readonly secret: string
  readonly uri: string
}

/** The library takes 16 ms to load, which only those need wait for who use it. */
async function otp() {
  return import('otplib')
}

export async function newFactor(room: Room, user: User): Promise<NewFactor> {
  const { generateSecret, generateURI } = await otp()
  const secret = generateSecret()
  const issuer = room.settings.publicUrl === undefined ? 'Postern' : new URL(room.settings.publicUrl).hostname
  return { secret, uri: generateURI({ issuer, label: user.name, secret }) }
}

/**
 * Puts a factor in force once the app has shown that it knows it, and returns the codes for the day it is lost; other
 * sessions end. INVALID where the code is not right.
 */
export async function confirmFactor(
  room: Room,
  id: number,
  shown: { readonly secret: string; readonly code: string; readonly keepSession?: number | undefined },
): Promise<readonly string[]> {
  const step = await stepOf(room, shown.secret, shown.code)
  if (step === undefined) {
    throw new PosternError('INVALID', 'The code is not right.', {
      errors: [{ path: 'body.code', message: 'is not right at the moment' }],
    })
  }
  return storeFactor(room, id, { totp: room.secrets.close(shown.secret), step, keepSession: shown.keepSession })
}

export async function removeFactor(room: Room, id: number, keepSession?: number): Promise<void> {
  await storeFactor(room, id, { totp: null, step: null, keepSession })
}

/** Whether the code is the right one now and has not been used: of many requests with one code, one passes. */
export async function useCode(
  room: Room,
  user: { readonly id: number; readonly totp: string },
  code: string,
): Promise<boolean> {
  const secret = openedSecret(room, user)
  const step = secret === undefined ? undefined : await stepOf(room, secret, code)
  if (step === undefined) return false
  const used = await room.store.write.run({
    update: 'account_users',
    set: { totp_step: step },
    where: {
      all: [
        { column: 'id', is: 'eq', value: user.id },
        {
          any: [
            { column: 'totp_step', is: 'eq', value: null },
            { column: 'totp_step', is: 'lt', value: step },
          ],
        },
      ],
    },
  })
  return used.count === 1
}

/** Where the site's secret is another by now no code is right, which is told; recovery codes hang on no secret. */
function openedSecret(room: Room, { id, totp }: { readonly id: number; readonly totp: string }): string | undefined {
  try {
    return room.secrets.open(totp)
  } catch (cause) {
    room.background.onFailure(
      new Error(`The second factor of user ${id} was put in force under another secret.`, { cause }),
    )
    return undefined
  }
}

/** The time step whose code it is; clocks may differ by one step. */
async function stepOf(room: Room, secret: string, code: string): Promise<number | undefined> {
  if (!/^\d{6}$/.test(code)) return undefined
  const { verify } = await otp()
  const epoch = Math.floor(room.settings.now() / 1_000)
  const result = await verify({ secret, token: code, epoch, epochTolerance: 30 })
  return result.valid && 'timeStep' in result ? result.timeStep : undefined
}

async function storeFactor(
  room: Room,
  id: number,
  factor: { readonly totp: string | null; readonly step: number | null; readonly keepSession: number | undefined },
): Promise<readonly string[]> {
  const codes = await change(room, async (transaction) => {
    const set = { totp: factor.totp, totp_step: factor.step, modified: nowText(room) }
    await transaction.run({ update: 'account_users', set, where: { column: 'id', is: 'eq', value: id } })
    await endSessions(room, { user: id, except: factor.keepSession }, transaction)
    if (factor.totp !== null) return renewRecoveryCodes(transaction, id)
    await dropRecoveryCodes(transaction, id)
    return []
  })
  room.cache.forgetUser(id)
  return codes
}
