import { holdsOnPostgres } from './run-on-postgres.ts'

holdsOnPostgres('src/content/**/*.test.ts')
