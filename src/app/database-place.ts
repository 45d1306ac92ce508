import { join } from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { StoreLocation } from '../store/open.ts'

/** The database that the settings name: PostgreSQL by its URL, else one file in the data folder. */
export function databaseOf(settings: Pick<Settings, 'dataDir' | 'databaseUrl'>): StoreLocation {
  return { file: join(settings.dataDir, 'postern.sqlite'), url: settings.databaseUrl }
}
