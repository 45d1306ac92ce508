import { holdsOnPostgres } from './run-on-postgres.ts'

holdsOnPostgres('test/scenarios/accounts-*.test.ts')
