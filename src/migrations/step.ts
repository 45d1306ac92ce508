import { fieldShape, type FieldShape } from '../content/field-shape.ts'

/** One change of one type, as it stands in a file. */
export type TypeStep =
  | { readonly do: 'add type'; readonly type: string; readonly fields: TypeShape }
  | ({ readonly do: 'add field'; readonly type: string; readonly field: string; readonly as: FieldShape } & Filling)
  | ChangeField
  | { readonly do: 'rename field'; readonly type: string; readonly field: string; readonly to: string }
  | { readonly do: 'drop field'; readonly type: string; readonly field: string; readonly loses: true }
  | { readonly do: 'rename type'; readonly type: string; readonly to: string }
  | { readonly do: 'drop type'; readonly type: string; readonly loses: true }

type ChangeField = {
  readonly do: 'change field'
  readonly type: string
  readonly field: string
  readonly from: FieldShape
  readonly to: FieldShape
} & Filling

interface Filling {
  /** What objects hold that would hold nothing. */
  readonly fill?: unknown
}

/** The steps of some kinds. */
export type StepOf<Kind extends TypeStep['do']> = Extract<TypeStep, { readonly do: Kind }>

export type TypeShape = Readonly<Record<string, FieldShape>>

export function losesValues(step: TypeStep): boolean {
  return 'loses' in step
}

/** For people: what is done, to what. */
export function stepText(step: TypeStep): string {
  switch (step.do) {
    case 'add type':
      return `add type ${step.type} (${Object.keys(step.fields).join(', ') || 'no fields of its own'})`
    case 'add field':
      return `add ${step.type}.${step.field}: ${shapeText(step.as)}${fillText(step.fill)}`
    case 'change field':
      return `change ${step.type}.${step.field}: ${shapeText(step.from)} → ${shapeText(step.to)}${fillText(step.fill)}`
    case 'rename field':
      return `rename ${step.type}.${step.field} to ${step.to}, with its values`
    case 'drop field':
      return `drop ${step.type}.${step.field} and every value in it`
    case 'rename type':
      return `rename type ${step.type} to ${step.to}, with its objects`
    case 'drop type':
      return `drop type ${step.type} and every object of it`
  }
}

/** `text, required, unique`. */
export function shapeText(shape: FieldShape): string {
  const { kind, ...rest } = fieldShape(shape)
  return [kind, ...Object.keys(rest)].join(', ')
}

function fillText(fill: unknown): string {
  return fill === undefined ? '' : `, filled with ${JSON.stringify(fill)}`
}
