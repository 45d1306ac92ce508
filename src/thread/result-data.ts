import { EmptyAnswer, EnvelopeData } from '../endpoint/envelope.ts'

/** A handler's result on its way between threads: the two classes a result may be made of would arrive as bare objects. */
export interface ResultData {
  readonly kind: 'plain' | 'envelope' | 'empty'
  readonly value: unknown
}

export function toResultData(result: unknown): ResultData {
  if (result instanceof EnvelopeData) return { kind: 'envelope', value: { data: result.data, paging: result.paging } }
  if (result instanceof EmptyAnswer) return { kind: 'empty', value: result.status }
  return { kind: 'plain', value: result }
}

export function fromResultData({ kind, value }: ResultData): unknown {
  if (kind === 'empty') return new EmptyAnswer(value as number)
  if (kind === 'plain') return value
  const { data, paging } = value as EnvelopeData
  return new EnvelopeData(data, paging)
}
