import type { ObjectType, ObjectTypes } from './object-types.ts'
import type { Relation } from './relations.ts'

/** The types on the other side of a relation. */
export function relatedTypes(types: ObjectTypes, relation: Relation): readonly ObjectType[] {
  return relation.to === undefined ? types.all : types.all.filter((type) => relation.to?.includes(type.name))
}
