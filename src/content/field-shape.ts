import type { Field } from './field.ts'

/** What of a field the database takes part in. All else is asked of writers alone, and changes without touching a row. */
export type FieldShape = Pick<Field, 'kind' | 'multiple' | 'required' | 'unique' | 'index'>

/** Nothing that goes without saying: what is unique or refers to an object has an index anyway. */
export function fieldShape({ kind, multiple, required, unique, index }: FieldShape): FieldShape {
  return {
    kind,
    ...(multiple === true ? { multiple } : {}),
    ...(required === true ? { required } : {}),
    ...(unique === true ? { unique } : {}),
    ...(index === true && unique !== true && kind !== 'reference' ? { index } : {}),
  }
}
