import { parseSync, Visitor, type VisitorObject } from 'oxc-parser'

/** One small fault, planted: the text between two offsets replaced. */
export interface Mutant {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly replacement: string
  readonly kind: string
}

interface Span {
  readonly start: number
  readonly end: number
}

type Plant = (kind: string, span: Span, replacement: string) => void

const flipped: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '&&': '||',
  '||': '&&',
  '??': '&&',
}

const otherMethod: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
}

/** Every fault that this file could hold, by its syntax alone; types and texts are left as they are. */
export function findMutants(file: string, code: string): Mutant[] {
  const mutants: Mutant[] = []
  const plant: Plant = (kind, { start, end }, replacement) => {
    if (code.slice(start, end) !== replacement) mutants.push({ file, start, end, replacement, kind })
  }
  const { program, errors } = parseSync(file, code)
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0]?.message ?? ''}`)
  new Visitor({ ...conditions(plant, code), ...statements(plant), ...values(plant) }).visit(program)
  return mutants
}

function conditions(plant: Plant, code: string): VisitorObject {
  const operator = (node: Span & { readonly left: Span; readonly right: Span; readonly operator: string }): void => {
    const replacement = flipped[node.operator]
    const between = code.slice(node.left.end, node.right.start)
    const at = node.left.end + between.indexOf(node.operator)
    if (replacement !== undefined) plant(node.operator, { start: at, end: at + node.operator.length }, replacement)
  }
  return {
    BinaryExpression: operator,
    LogicalExpression: operator,
    UnaryExpression: (node) => {
      if (node.operator === '!') plant('!', { start: node.start, end: node.start + 1 }, ' ')
    },
    IfStatement: (node) => {
      for (const verdict of ['true', 'false']) plant(`if ${verdict}`, node.test, verdict)
    },
    ConditionalExpression: (node) => {
      for (const verdict of ['true', 'false']) plant(`? ${verdict}`, node.test, verdict)
    },
  }
}

function statements(plant: Plant): VisitorObject {
  return {
    ExpressionStatement: ({ expression, ...span }) => {
      const { type } = expression
      if (type === 'CallExpression' || type === 'AwaitExpression' || type === 'AssignmentExpression')
        plant('no statement', span, ';')
    },
    ThrowStatement: (node) => plant('no throw', node, ';'),
  }
}

function values(plant: Plant): VisitorObject {
  let types = 0
  return {
    TSLiteralType: () => void types++,
    'TSLiteralType:exit': () => void types--,
    Literal: (node) => {
      if (types === 0 && typeof node.value === 'boolean') plant('boolean', node, String(!node.value))
    },
    ArrayExpression: ({ elements }) => {
      if (elements.length < 2) return
      elements.forEach((element, index) => {
        const next = elements[index + 1]
        const before = elements[index - 1]
        if (element?.type !== 'ObjectExpression' && element?.type !== 'CallExpression') return
        if (next) plant('no element', { start: element.start, end: next.start }, '')
        else if (before) plant('no element', { start: before.end, end: element.end }, '')
      })
    },
    MemberExpression: ({ property }) => {
      const other = property.type === 'Identifier' ? otherMethod[property.name] : undefined
      if (other !== undefined) plant('method', property, other)
    },
  }
}
