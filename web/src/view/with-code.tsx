/** Sentences of the server set code between backticks. */
export function withCode(sentence: string): React.ReactNode {
  return sentence.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))
}
