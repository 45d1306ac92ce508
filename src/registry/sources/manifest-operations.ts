import type { Verb } from '../../endpoint/method.ts'

/** A built-in operation on the object type of the module's name. */
export interface Operation {
  /** As the content room knows it. */
  readonly operation: string
  readonly methods: readonly Verb[]
  /** Below the base; `M` stands for the module. The first is listed, the others are other spellings of it. */
  readonly paths: readonly string[]
  /** What a hook gets as `params`, and can change. */
  readonly params: 'query' | 'body' | 'id' | 'none'
}

/** By the magic names of a manifest. Where two claim one verb and path, the one that stands first here wins. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['Get', { operation: 'get', methods: ['GET'], paths: ['get/M', 'get/M/'], params: 'query' }],
  [
    'Search',
    { operation: 'search', methods: ['POST'], paths: ['search/M', 'search/M/', 'get/M', 'get/M/'], params: 'body' },
  ],
  ['Get By Post', { operation: 'search', methods: ['POST'], paths: ['get/M', 'get/M/'], params: 'body' }],
  ['Find One', { operation: 'find-one', methods: ['GET'], paths: ['get/M/:id'], params: 'none' }],
  ['Exists', { operation: 'exists', methods: ['GET'], paths: ['exists/M/:id'], params: 'none' }],
  ['Count', { operation: 'count', methods: ['GET'], paths: ['count/M', 'count/M/'], params: 'query' }],
  ['Count By Post', { operation: 'count', methods: ['POST'], paths: ['count/M', 'count/M/'], params: 'body' }],
  ['Create', { operation: 'create', methods: ['POST'], paths: ['create/M', 'create/M/'], params: 'body' }],
  ['Insert Batch', { operation: 'insert-batch', methods: ['POST'], paths: ['batch/M', 'batch/M/'], params: 'body' }],
  ['Update', { operation: 'update', methods: ['PUT', 'POST'], paths: ['update/M/:id'], params: 'body' }],
  [
    'Destroy',
    { operation: 'destroy', methods: ['DELETE', 'POST'], paths: ['destroy/M', 'destroy/M/'], params: 'body' },
  ],
  ['Delete One', { operation: 'delete-one', methods: ['DELETE', 'POST'], paths: ['delete/M/:id'], params: 'id' }],
])
