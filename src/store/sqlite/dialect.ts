import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from '../kysely.ts'
import type { Dialect } from '../dialect.ts'

export const dialect: Dialect = {
  name: 'sqlite',
  writer: new Kysely<Record<string, never>>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  types: {
    id: 'integer primary key autoincrement',
    integer: 'integer',
    number: 'real',
    text: 'text',
    boolean: 'integer',
    json: 'text',
    bytes: 'blob',
  },
}
