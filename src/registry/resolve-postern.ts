import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

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
      const found = isZod(specifier)
        ? zodFor(parent, specifier, () => next(specifier, context))
        : next(specifier, context)
      const version = new URL(parent).searchParams.get('v')
      if (version === null || !isOfSite(found.url)) return found
      const url = new URL(found.url)
      url.searchParams.set('v', version)
      return { ...found, url: url.href }
    },
  })
}

interface Resolved {
  readonly url: string
  readonly shortCircuit: true
}

const roots = new Set<string>()
let hooked = false

/** Below a root, but not in what is installed there; an addon's package is a root of its own. */
function isOfSite(url: string): boolean {
  if (!url.startsWith('file:')) return false
  for (const root of roots) if (url.startsWith(root) && !url.includes('/node_modules/', root.length - 1)) return true
  return false
}

function isZod(specifier: string): boolean {
  return specifier === 'zod' || specifier.startsWith('zod/')
}

/** Files of one folder find the same; a large site asks hundreds of times. */
function zodFor<T extends { readonly url: string }>(parent: string, specifier: string, resolve: () => T): T | Resolved {
  const key = `${specifier} ${parent.slice(0, parent.lastIndexOf('/'))}`
  const known = zods.get(key)
  if (known !== undefined) return { url: known, shortCircuit: true }
  const found = zodOf(specifier, resolve)
  zods.set(key, found.url)
  return found
}

const zods = new Map<string, string>()

/** The Zod that a site has; ours where it has none, and as Postern has opened it already where it is the same. */
function zodOf<T extends { readonly url: string }>(specifier: string, resolve: () => T): T | Resolved {
  const installed = import.meta.resolve(specifier)
  const ours = specifier === 'zod' ? openedZod(installed) : installed
  try {
    const found = resolve()
    return found.url === installed ? { url: ours, shortCircuit: true } : found
  } catch {
    return { url: ours, shortCircuit: true }
  }
}

/** Where Postern runs from a few files, one of them is Zod. */
function openedZod(installed: string): string {
  return ending === 'ts' ? installed : new URL('../zod.js', import.meta.url).href
}
