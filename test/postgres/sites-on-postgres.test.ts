import { basename } from 'node:path'
import { holdsOnPostgres } from './run-on-postgres.ts'

holdsOnPostgres('test/scenarios/*.test.ts', (file) => !basename(file).startsWith('accounts-'))
