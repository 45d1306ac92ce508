import type { Definition } from '../endpoint/record.ts'
import type { HookDefinition } from './site-folder.ts'

/**
 * The definitions with the hooks that go around them, in order; of several hooks with one id the last one read counts.
 * Built-in endpoints are elsewhere: whoever holds them calls this too, or asks `hooksFor`.
 */
export function attachHooks(
  definitions: readonly Definition[],
  hooks: readonly HookDefinition[],
): readonly Definition[] {
  if (hooks.length === 0) return definitions
  return definitions.map((definition) => {
    const around = hooksFor(definition.record.id, hooks)
    if (around.length === 0) return definition
    const before = around.flatMap(({ id, order, before: run }) => (run ? [{ id, order, run }] : []))
    const after = around.flatMap(({ id, order, after: run }) => (run ? [{ id, order, run }] : []))
    return Object.freeze({
      ...definition,
      before: [...definition.before, ...before],
      after: [...definition.after, ...after],
    })
  })
}

/** The hooks around an endpoint: lower order first, then by id; one for each id. */
export function hooksFor(endpointId: string, hooks: readonly HookDefinition[]): readonly HookDefinition[] {
  const matching = new Map<string, HookDefinition>()
  for (const hook of hooks) if (matchesPattern(hook.on, endpointId)) matching.set(hook.id, hook)
  return [...matching.values()].sort((one, other) => one.order - other.order || (one.id < other.id ? -1 : 1))
}

/** `*` stands for any text, also none. */
export function matchesPattern(pattern: string, id: string): boolean {
  if (!pattern.includes('*')) return pattern === id
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[$()+.?[\\\]^{|}]/g, String.raw`\$&`))
  return new RegExp(`^${escaped.join('.*')}$`, 's').test(id)
}
