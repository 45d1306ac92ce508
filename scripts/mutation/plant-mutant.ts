/**
 * Loaded before a test by `--import`: gives the file named in `MUTANT` its planted fault on the way in. Nothing on disk is touched,
 * and nothing else is imported: this runs thousands of times.
 */
import { registerHooks } from 'node:module'

const [target, start, end, replacement = ''] = (process.env['MUTANT'] ?? '').split('\n')

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context)
    if (url !== target || loaded.source === undefined || loaded.source === null) return loaded
    const source = loaded.source
    const code = typeof source === 'string' ? source : new TextDecoder().decode(source)
    return { ...loaded, source: code.slice(0, Number(start)) + replacement + code.slice(Number(end)) }
  },
})
