import { listNames } from '../query/list-request.ts'

/** What every list of objects takes; which fields may be filtered by is for the site to say. `embed` is the nested form that code writes. */
export const listQuery: readonly string[] = [
  ...listNames.filter((name) => name !== 'embed'),
  'filter[query]',
  'filter[substring]',
]

export const readQuery: readonly string[] = ['fields', 'lang', 'embed[relations]']
