/** Loaded before a test by `--import`: gives the file named in `MUTANT` its planted fault on the way in. Nothing on disk is touched. */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

const mutant = z
  .object({ file: z.string(), start: z.number(), end: z.number(), replacement: z.string() })
  .parse(JSON.parse(process.env['MUTANT'] ?? '{}'))
const target = pathToFileURL(mutant.file).href

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context)
    if (url !== target || loaded.source === undefined || loaded.source === null) return loaded
    const source = loaded.source
    const code = typeof source === 'string' ? source : new TextDecoder().decode(source)
    return { ...loaded, source: code.slice(0, mutant.start) + mutant.replacement + code.slice(mutant.end) }
  },
})
