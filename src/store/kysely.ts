import { existsSync } from 'node:fs'

const bundled = new URL('../../vendor/kysely.js', import.meta.url)

/** Kysely, from the one file that `prepare` makes of its 255, else from the package: the same code, opened 60 ms sooner. A bundle has it within. */
export const {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} = existsSync(bundled) ? ((await import(bundled.href)) as typeof import('kysely')) : await import('kysely')
