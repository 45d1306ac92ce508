/** What every list of objects takes; which fields may be filtered by is for the site to say. */
export const listQuery: readonly string[] = [
  'id',
  'sort',
  'fields',
  'page',
  'page_size',
  'cursor',
  'count',
  'lang',
  'embed[relations]',
  'filter[query]',
  'filter[substring]',
]

export const readQuery: readonly string[] = ['fields', 'lang', 'embed[relations]']
