import { after } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.ts'
import { storeContract } from '../store.contract.ts'
import { storeEdges } from '../store-edges.contract.ts'
import { storeValues } from '../store-values.contract.ts'
import { openPostgres } from './open.ts'

const databases: TestDatabase[] = []
after(async () => {
  for (const database of databases) await database.drop()
})

async function newDatabase(): Promise<string> {
  const database = await createTestDatabase()
  databases.push(database)
  return database.url
}

storeContract('PostgreSQL', async () => openPostgres(await newDatabase()))
storeEdges('PostgreSQL', async () => openPostgres(await newDatabase()))
storeValues('PostgreSQL', async () => openPostgres(await newDatabase()))
