import { columnOf } from '../content/field-kinds.ts'
import { isSame, type Shapes } from './shapes.ts'
import { shapeText, type TypeShape, type TypeStep, type StepOf } from './step.ts'

/** What a step is to a shape: to be taken, already so, or why it cannot be taken. */
export type Standing = 'due' | 'done' | { readonly misfit: string }

export function standingOf(step: TypeStep, shapes: Shapes): Standing {
  const fields = shapes.get(step.type)
  if (step.do === 'add type') return ofNewType(step, fields)
  if (step.do === 'drop type') return fields === undefined ? 'done' : 'due'
  if (step.do === 'rename type') return ofTypeRename(step, shapes)
  if (fields === undefined) return { misfit: `there is no type ${step.type}` }
  return ofField(step, fields)
}

/** The shapes once the step is taken. Only for a step that is due or done. */
export function after(step: TypeStep, shapes: Shapes): Shapes {
  const fields = shapes.get(step.type) ?? {}
  const next = new Map(shapes)
  if (step.do === 'drop type') next.delete(step.type)
  else if (step.do === 'rename type') moveType(next, step)
  else next.set(step.type, fieldsAfter(step, fields))
  return next
}

function moveType(shapes: Map<string, TypeShape>, { type, to }: StepOf<'rename type'>): void {
  const own = shapes.get(type)
  if (own !== undefined) shapes.set(to, own)
  shapes.delete(type)
}

function fieldsAfter(step: Exclude<TypeStep, StepOf<'drop type' | 'rename type'>>, fields: TypeShape): TypeShape {
  if (step.do === 'add type') return { ...step.fields, ...fields }
  const { [step.field]: own, ...others } = fields
  switch (step.do) {
    case 'add field':
      return { ...fields, [step.field]: step.as }
    case 'change field':
      return { ...fields, [step.field]: step.to }
    case 'drop field':
      return others
    case 'rename field':
      return own === undefined ? fields : { [step.to]: own, ...others }
  }
}

/** Where both are there, as after a while of `postern dev`, the new one gives way as long as nothing is in it. */
function ofTypeRename({ type, to }: StepOf<'rename type'>, shapes: Shapes): Standing {
  if (shapes.has(type)) return 'due'
  return shapes.has(to) ? 'done' : { misfit: `there is neither a type ${type} nor ${to}` }
}

type AddType = StepOf<'add type'>

/** A type that is there already is given the fields that it lacks. */
function ofNewType(step: AddType, fields: TypeShape | undefined): Standing {
  if (fields === undefined) return 'due'
  const standings = Object.entries(step.fields).map(([field, as]) =>
    ofField({ do: 'add field', type: step.type, field, as }, fields),
  )
  return standings.find((one) => typeof one === 'object') ?? standings.find((one) => one === 'due') ?? 'done'
}

type FieldStep = Extract<TypeStep, { readonly field: string }>

function ofField(step: FieldStep, fields: TypeShape): Standing {
  const path = `${step.type}.${step.field}`
  const own = fields[step.field]
  switch (step.do) {
    case 'add field':
      if (own === undefined) return 'due'
      return isSame(own, step.as) ? 'done' : { misfit: `${path} is there already, as ${shapeText(own)}` }
    case 'drop field':
      return own === undefined ? 'done' : 'due'
    case 'change field':
      if (own === undefined) return { misfit: `there is no field ${path}` }
      if (isSame(own, step.to)) return 'done'
      return isSame(own, step.from) ? 'due' : { misfit: `${path} is ${shapeText(own)}, not ${shapeText(step.from)}` }
    case 'rename field':
      return ofRename(step, fields)
  }
}

/** Where both are there, as after a while of `postern dev`, the values of the old one go where the new one has none. */
function ofRename(step: StepOf<'rename field'>, fields: TypeShape): Standing {
  const [own, other] = [fields[step.field], fields[step.to]]
  if (own === undefined) {
    return other === undefined ? { misfit: `there is neither ${step.type}.${step.field} nor ${step.to}` } : 'done'
  }
  if (other === undefined || columnOf(own) === columnOf(other)) return 'due'
  return { misfit: `${step.type}.${step.to} is there already, as ${shapeText(other)}, not ${shapeText(own)}` }
}
