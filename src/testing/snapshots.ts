import type { OpenHouse } from '../app.ts'
import { databaseOf } from '../app/database-place.ts'
import { takeSnapshot } from '../store/sqlite/snapshot.ts'

/** The database of a house as it was at some moments. */
export interface Snapshots extends Disposable {
  /** What comes back puts everything into the state of this moment again, `tokens` of people included. */
  readonly take: () => Promise<() => Promise<void>>
}

export function keepSnapshots(house: OpenHouse, tokens: Map<string, Promise<string>>): Snapshots {
  const all = new DisposableStack()
  return {
    take: async () => {
      const { file, url } = databaseOf(house.settings)
      if (url !== undefined) throw new Error('A snapshot can be taken of an SQLite database only.')
      // What accounts still keep in memory belongs to this moment too.
      await house.accounts.around(async () => {})
      const taken = all.use(takeSnapshot(file))
      const known = [...tokens]
      return async () => {
        await house.accounts.around(taken.restore)
        tokens.clear()
        for (const [name, token] of known) tokens.set(name, token)
      }
    },
    [Symbol.dispose]: () => all.dispose(),
  }
}
