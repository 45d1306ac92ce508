import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** `postern/client` alone, as a site's own page would bundle it: for the tests of its weight and of its use in a browser. */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    minify: true,
    lib: {
      entry: fileURLToPath(new URL('../src/client/index.ts', import.meta.url)),
      name: 'postern',
      formats: ['iife'],
      fileName: () => 'client.js',
    },
  },
})
