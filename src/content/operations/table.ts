import type { Operation } from '../parts.ts'
import { createObject } from './create-object.ts'
import { exportObjects } from './export-objects.ts'
import { listObjects } from './list-objects.ts'
import {
  countRecords,
  createRecord,
  deleteRecord,
  destroyRecords,
  findRecord,
  getRecords,
  insertRecords,
  updateRecord,
} from './records.ts'
import { listTrash } from './list-trash.ts'
import { purgeObject } from './purge-object.ts'
import { readOutbox } from './read-outbox.ts'
import { readTranslations } from './read-translations.ts'
import { readObject } from './read-object.ts'
import { addLinks, changeLink, countRelations, listRelated, readLink, removeLink } from './relations.ts'
import { restoreObject } from './restore-object.ts'
import { addChildren, listBranch, moveChild, readPlace, removeChild } from './tree.ts'
import { trashObject } from './trash-object.ts'
import { updateObject } from './update-object.ts'

/** Everything that can be done with content, by the names that endpoints, logs, docs and clients share. */
export const operations = {
  'objects.list': { writes: false, perform: listObjects },
  'objects.read': { writes: false, perform: readObject },
  'objects.create': { writes: true, perform: createObject },
  'objects.update': { writes: true, perform: updateObject },
  'objects.trash': { writes: true, perform: trashObject },
  'objects.restore': { writes: true, perform: restoreObject },
  'objects.export': { writes: false, perform: exportObjects },
  'trash.list': { writes: false, perform: listTrash },
  'objects.purge': { writes: true, perform: purgeObject },
  'translations.read': { writes: false, perform: readTranslations },
  'outbox.read': { writes: false, perform: readOutbox },
  'tree.list': { writes: false, perform: listBranch },
  'tree.place': { writes: false, perform: readPlace },
  'tree.add': { writes: true, perform: addChildren },
  'tree.move': { writes: true, perform: moveChild },
  'tree.remove': { writes: true, perform: removeChild },
  'relations.count': { writes: false, perform: countRelations },
  'relations.list': { writes: false, perform: listRelated },
  'relations.read': { writes: false, perform: readLink },
  'relations.add': { writes: true, perform: addLinks },
  'relations.change': { writes: true, perform: changeLink },
  'relations.remove': { writes: true, perform: removeLink },
  'records.get': { writes: false, perform: getRecords },
  'records.count': { writes: false, perform: countRecords },
  'records.find': { writes: false, perform: findRecord },
  'records.create': { writes: true, perform: createRecord },
  'records.insert': { writes: true, perform: insertRecords },
  'records.update': { writes: true, perform: updateRecord },
  'records.destroy': { writes: true, perform: destroyRecords },
  'records.delete': { writes: true, perform: deleteRecord },
} as const satisfies Readonly<Record<string, Operation>>

export type OperationName = keyof typeof operations
