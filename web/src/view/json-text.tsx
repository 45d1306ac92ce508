/** Longer than this it is shown without colours: a page of a hundred thousand elements helps nobody. */
const longest = 100_000

/** JSON, indented, each kind of value in its colour. */
export function JsonText({ value }: { readonly value: unknown }) {
  const text = JSON.stringify(value, null, 2)
  return (
    <pre className="json" tabIndex={0}>
      {text.length > longest ? text : coloured(text)}
    </pre>
  )
}

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g

function coloured(text: string): React.ReactNode[] {
  const nodes: React.ReactNode[] = []
  let from = 0
  for (const match of text.matchAll(token)) {
    const [whole, string, colon, word] = match
    nodes.push(text.slice(from, match.index))
    const kind = colon !== undefined ? 'name' : string !== undefined ? 'string' : word !== undefined ? 'word' : 'number'
    nodes.push(
      <span key={match.index} className={kind}>
        {string ?? whole}
      </span>,
      colon ?? '',
    )
    from = match.index + whole.length
  }
  nodes.push(text.slice(from))
  return nodes
}
