import { isoTime } from './duration.ts'
import { nowText, type Room } from './room.ts'

/** How long an ended session is still remembered, so that its owner's device counts as known. */
const memory = 30 * 86_400_000

/** Takes away what can open nothing any more: rows come with every sign-in, and would otherwise stay for ever. */
export async function purge(room: Room): Promise<void> {
  const now = nowText(room)
  const longAgo = isoTime(room.settings.now() - memory)
  await room.store.write.run({ delete: 'account_session_keys', where: { column: 'expires', is: 'lt', value: now } })
  await room.store.write.run({ delete: 'account_sessions', where: { column: 'expires', is: 'lt', value: longAgo } })
  await room.store.write.run({ delete: 'account_tries', where: { column: 'until', is: 'lt', value: now } })
  await room.store.write.run({ delete: 'account_links', where: { column: 'expires', is: 'lt', value: longAgo } })
}
