import { defineConfig } from 'postern'

/** In the ancestor's first example an exported method simply answers; say 'closed' (or nothing) to have each declared. */
export default defineConfig({ modules: { undeclared: 'open' } })
