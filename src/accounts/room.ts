import type { Awaitable } from '../errors/awaitable.ts'
import { PosternError } from '../errors/postern-error.ts'
import type { Store, Transaction } from '../store/port.ts'
import { createAuditBuffer, type AuditBuffer } from './audit-buffer.ts'
import { createCallerCache, type CallerCache } from './caller-cache.ts'
import { isoTime } from './duration.ts'
import { createLastUse, type LastUse } from './last-use.ts'
import { createLimits, type Limits } from './limits.ts'
import { createMail, type Mail } from './mail.ts'
import { createPasswords, type Passwords } from './password.ts'
import { createRoles, type Roles } from './roles.ts'
import { createSecretBox, type SecretBox } from './secret-box.ts'
import { createBackground, type Background } from './background.ts'
import { createSwitchBoard, type SwitchBoard } from './switch-board.ts'
import { completeSettings, type AccountsSettings, type Settings } from './settings.ts'

/** What every operation of this room works with. */
export interface Room {
  readonly store: Store
  readonly settings: Settings
  readonly roles: Roles
  readonly passwords: Passwords
  readonly cache: CallerCache
  readonly lastUse: LastUse
  readonly limits: Limits
  readonly auditBuffer: AuditBuffer
  readonly mail: Mail
  readonly secrets: SecretBox
  readonly switches: SwitchBoard
  /** Where the house listens, for links while no public address is configured; set once it is known. */
  readonly served: { at: string }
  /** Work that no answer waits for; `settle` waits for all of it. */
  readonly background: Background
}

export function createRoom(store: Store, given: AccountsSettings): Room {
  const settings = completeSettings(given)
  const roles = createRoles(settings.roles)
  refuseUnknownNewcomers(roles, settings)
  return {
    store,
    settings,
    roles,
    passwords: createPasswords(settings.passwordCost),
    cache: createCallerCache(),
    lastUse: createLastUse(settings.now),
    limits: createLimits(settings.limits, {
      now: settings.now,
      ...(store.dialect === 'postgres' && { writer: store.write }),
    }),
    auditBuffer: createAuditBuffer(settings.now),
    mail: createMail(settings.mail),
    secrets: createSecretBox(settings.secret),
    switches: createSwitchBoard(),
    served: { at: 'http://127.0.0.1:4000' },
    background: createBackground(),
  }
}

/** What a newcomer cannot be given is better said at the start than to the newcomer. */
function refuseUnknownNewcomers(roles: Roles, { register }: Settings): void {
  const unknown = register?.roles?.find((name) => !roles.knows(name))
  if (unknown === undefined) return
  const detail = `accounts.register gives newcomers the role ${JSON.stringify(unknown)}, which is not among accounts.roles.`
  throw new PosternError('BAD_SETTING', detail)
}

export function nowText(room: Room): string {
  return isoTime(room.settings.now())
}

/**
 * A change that other processes must hear of: it counts the version up in the same transaction, so that whoever sees the
 * new version sees the change. The caller of this forgets in this process's memory what it changed.
 */
export function change<Result>(room: Room, work: (transaction: Transaction) => Awaitable<Result>): Promise<Result> {
  return room.store.write.transaction(async (transaction) => {
    const result = await work(transaction)
    await tellOthers(transaction)
    return result
  })
}

/** For a change in a transaction of somebody else's: see `change`. */
export async function tellOthers(transaction: Transaction): Promise<void> {
  await transaction.run({ update: 'account_versions', add: { version: 1 }, where: isAccess })
}

/** The version that counts all changes of rights. */
export async function readVersion(room: Room): Promise<number> {
  const row = await room.store.read.first({ from: 'account_versions', select: ['version'], where: isAccess })
  return typeof row?.['version'] === 'number' ? row['version'] : 0
}

/** To be called once the tables are there. */
export async function startVersion(room: Room): Promise<void> {
  const onConflict = { columns: ['name'], update: [] }
  await room.store.write.run({ insert: 'account_versions', values: { name: 'access', version: 0 }, onConflict })
}

const isAccess = { column: 'name', is: 'eq', value: 'access' } as const
