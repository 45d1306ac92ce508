import { NativeSelect, TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { memo, useDeferredValue, useEffect, useMemo, useRef } from 'react'
import type { ExplorerData, ExplorerEndpoint } from '../data/model.ts'
import { useStored } from '../data/use-stored.ts'
import { grouped, matching, type Grouping } from './group-endpoints.ts'
import { MethodBadge } from './method-badge.tsx'

interface Props {
  readonly data: ExplorerData
  readonly fresh: ReadonlySet<string>
  readonly chosen: string
  readonly choose: (id: string) => void
}

export function EndpointList({ data, fresh, chosen, choose }: Props) {
  const [sought, setSought] = useStored(sessionStorage, 'search', '')
  const [by, setBy] = useStored<Grouping>(localStorage, 'grouping', 'path')
  const search = useRef<HTMLInputElement>(null)
  const wanted = useDeferredValue(sought)
  const found = useMemo(() => matching(data.endpoints, wanted), [data, wanted])
  const groups = useMemo(() => grouped(found, by), [found, by])
  useSlashKey(search)
  return (
    <nav className="list" aria-label="Endpoints" onKeyDown={walk}>
      <div className="list-head">
        <TextInput
          ref={search}
          aria-label="Search endpoints"
          placeholder="Search: verb, path, file, rule…"
          leftSection={<Search size={16} />}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label="Group by"
          value={by}
          onChange={(event) => setBy(event.currentTarget.value as Grouping)}
          data={[
            { value: 'path', label: 'by path' },
            { value: 'module', label: 'by module' },
            { value: 'tag', label: 'by tag' },
            { value: 'source', label: 'by source' },
          ]}
        />
      </div>
      <p className="quiet count" role="status">
        {found.length === data.endpoints.length
          ? `${found.length} endpoints`
          : `${found.length} of ${data.endpoints.length} endpoints`}
      </p>
      {groups.map((group) => (
        <section key={group.name} className="group">
          <h2>{group.name}</h2>
          <ul>
            {group.endpoints.map((endpoint) => (
              <Row
                key={endpoint.id}
                endpoint={endpoint}
                isChosen={endpoint.id === chosen}
                isFresh={fresh.has(endpoint.id)}
                choose={choose}
              />
            ))}
          </ul>
        </section>
      ))}
      {found.length === 0 ? <p className="quiet">Nothing fits “{wanted}”.</p> : null}
    </nav>
  )
}

interface RowProps {
  readonly endpoint: ExplorerEndpoint
  readonly isChosen: boolean
  readonly isFresh: boolean
  readonly choose: (id: string) => void
}

const Row = memo(function Row({ endpoint, isChosen, isFresh, choose }: RowProps) {
  const { id, methods, path, description, deprecated, who } = endpoint
  return (
    <li className="row" data-fresh={isFresh || undefined}>
      <a
        href={`#${encodeURIComponent(id)}`}
        aria-current={isChosen ? 'true' : undefined}
        onClick={(event) => {
          event.preventDefault()
          choose(id)
        }}
      >
        <span className="row-line">
          {methods.length > 3 ? (
            <MethodBadge verb="ANY" />
          ) : (
            methods.map((verb) => <MethodBadge key={verb} verb={verb} />)
          )}
          <span className={deprecated ? 'row-path deprecated' : 'row-path'}>{path}</span>
        </span>
        {description ? <span className="row-text">{description}</span> : null}
        <span className="row-text quiet">
          {placeOf(endpoint)}
          {who}
        </span>
        <Marks endpoint={endpoint} isFresh={isFresh} />
      </a>
    </li>
  )
}, equalRows)

function placeOf({ file, line, source }: ExplorerEndpoint): string {
  if (file === undefined) return source === 'builtin' ? 'built in · ' : ''
  return line === undefined ? `${file} · ` : `${file}:${line} · `
}

function Marks({ endpoint, isFresh }: { readonly endpoint: ExplorerEndpoint; readonly isFresh: boolean }) {
  return (
    <>
      {endpoint.deprecated ? <span className="mark">deprecated</span> : null}
      {endpoint.rule === undefined ? <span className="mark warn">not activated</span> : null}
      {endpoint.missing ? <span className="mark warn">not written</span> : null}
      {isFresh ? <span className="mark good">changed</span> : null}
    </>
  )
}

/** `choose` only sets the address, so a row is the same whichever one it is given. */
function equalRows(a: RowProps, b: RowProps): boolean {
  return a.endpoint === b.endpoint && a.isChosen === b.isChosen && a.isFresh === b.isFresh
}

/** Arrow keys go from row to row, and from the search box to the first one. */
function walk(event: React.KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  if (event.target instanceof HTMLSelectElement) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.row a')]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const next = rows[event.key === 'ArrowDown' ? at + 1 : at - 1]
  event.preventDefault()
  if (next) next.focus()
  else event.currentTarget.querySelector('input')?.focus()
}

function useSlashKey(search: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)
      if (event.key !== '/' || isTyping) return
      event.preventDefault()
      search.current?.focus()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [search])
}
