import { z } from 'zod'
import type { Caller } from '../endpoint/caller.ts'
import { PosternError } from '../errors/postern-error.ts'
import { audit } from './audit.ts'
import { parseInput } from './parse-input.ts'
import { plainText, plainTextHint } from './plain-text.ts'
import { change, nowText, type Room } from './room.ts'
import { switchStates, type Switch } from './switch-board.ts'

export const newSwitch = z.strictObject({
  /** The endpoint's id, as `postern routes` prints it. */
  endpoint: z.string().min(1).max(300),
  state: z.enum(switchStates),
  until: z.iso.datetime().optional(),
  reason: z.string().max(500).regex(plainText, plainTextHint).optional(),
})

export type NewSwitch = z.input<typeof newSwitch>

/** Kept over restarts and on every node within a second. The endpoints that undo it cannot be switched off by it. */
export async function setSwitch(room: Room, input: NewSwitch & { readonly by?: Caller | undefined }): Promise<Switch> {
  const { by, ...rest } = input
  const { endpoint, state, until, reason = '' } = parseInput(newSwitch, rest)
  if (endpoint.startsWith('switches.')) {
    throw new PosternError('INVALID', 'The switches themselves stay on.', {
      errors: [{ path: 'body.endpoint', message: 'cannot be switched off' }],
    })
  }
  const made: Switch = {
    endpoint,
    state,
    until: until ?? null,
    reason,
    user_id: by?.kind === 'user' ? by.id : null,
    at: nowText(room),
  }
  await change(room, async (transaction) => {
    const onConflict = { columns: ['endpoint'], update: ['state', 'until', 'reason', 'user_id', 'at'] }
    await transaction.run({ insert: 'account_switches', values: { ...made }, onConflict })
    await audit(room, { event: 'switch.set', caller: by, detail: { endpoint, state } }, transaction)
  })
  await readSwitches(room)
  return made
}

/** `false` where there was none. */
export async function clearSwitch(
  room: Room,
  input: { readonly endpoint: string; readonly by?: Caller | undefined },
): Promise<boolean> {
  const { endpoint, by } = input
  const cleared = await change(room, async (transaction) => {
    const where = { column: 'endpoint', is: 'eq', value: endpoint } as const
    const gone = await transaction.run({ delete: 'account_switches', where })
    if (gone.count > 0) await audit(room, { event: 'switch.cleared', caller: by, detail: { endpoint } }, transaction)
    return gone.count > 0
  })
  await readSwitches(room)
  return cleared
}

/** Brings the board up to what is stored. */
export async function readSwitches(room: Room): Promise<void> {
  const select = ['endpoint', 'state', 'until', 'reason', 'user_id', 'at']
  const rows = await room.store.read.rows({ from: 'account_switches', select, order: [{ column: 'endpoint' }] })
  room.switches.replace(rows.map((row) => switchShape.parse(row)))
}

export const switchShape = z.object({
  endpoint: z.string(),
  state: z.enum(switchStates),
  until: z.string().nullable(),
  reason: z.string(),
  user_id: z.number().nullable(),
  at: z.string(),
})
