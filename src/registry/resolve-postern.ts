import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** What a site may import of Postern, as the files of this installation. */
const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const entries: Readonly<Record<string, string>> = Object.freeze({
  postern: new URL(`../index.${ending}`, import.meta.url).href,
  'postern/testing': new URL(`../testing/index.${ending}`, import.meta.url).href,
  'postern/client': new URL(`../client/index.${ending}`, import.meta.url).href,
})

/**
 * Lets a site's code import `postern` and get the very modules that serve it, wherever the site lies; also `zod`, where the
 * site has none of its own. A site loaded under a version (`?v=2`) hands it on to all that it imports of itself.
 */
export function resolvePosternFor(root: string): void {
  roots.add(`${pathToFileURL(root).href}/`)
  if (hooked) return
  hooked = true
  registerHooks({
    resolve: (specifier, context, next) => {
      const parent = context.parentURL
      if (parent === undefined || !isOfSite(parent)) return next(specifier, context)
      const entry = entries[specifier]
      if (entry !== undefined) return { url: entry, shortCircuit: true }
      const found = /^zod(?:\/|$)/.test(specifier)
        ? orOurs(() => next(specifier, context), specifier)
        : next(specifier, context)
      const version = new URL(parent).searchParams.get('v')
      if (version === null || !isOfSite(found.url)) return found
      const url = new URL(found.url)
      url.searchParams.set('v', version)
      return { ...found, url: url.href }
    },
  })
}

const roots = new Set<string>()
let hooked = false

/** Below a root, but not in what is installed there; an addon's package is a root of its own. */
function isOfSite(url: string): boolean {
  if (!url.startsWith('file:')) return false
  for (const root of roots) if (url.startsWith(root) && !url.includes('/node_modules/', root.length - 1)) return true
  return false
}

function orOurs<T extends { readonly url: string }>(
  resolve: () => T,
  specifier: string,
): T | { readonly url: string; readonly shortCircuit: true } {
  try {
    return resolve()
  } catch (thrown) {
    const ours = import.meta.resolve(specifier, import.meta.url)
    if (fileURLToPath(ours) === '') throw thrown
    return { url: ours, shortCircuit: true }
  }
}
