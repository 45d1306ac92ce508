import type { Config } from './settings.ts'

/** For `postern.config.ts`: gives the editor the names and types of all settings, and returns what it was given. */
export function defineConfig(config: Config): Config {
  return config
}
