import type { Verb } from '../data/model.ts'

export function MethodBadge({ verb }: { readonly verb: Verb | 'ANY' }) {
  return (
    <span className="method" data-verb={verb}>
      {verb}
    </span>
  )
}
