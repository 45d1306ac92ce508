import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** One page and its hashed assets, all under /explorer; nothing inline, so that the policy needs no exception. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/explorer/',
  plugins: [react()],
  resolve: { alias: { 'postern/client': fileURLToPath(new URL('../src/client/index.ts', import.meta.url)) } },
  build: {
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
