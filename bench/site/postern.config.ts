import { defineConfig } from 'postern'

export default defineConfig({ api: { protected: false }, log: { level: 'warn' } })
