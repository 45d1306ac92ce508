import { Alert } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import type { SiteProblem } from '../data/model.ts'

/** What is wrong with the site's files: loud where the last good state is serving in place of them, quiet else. */
export function ProblemBanner({ problems }: { readonly problems: readonly SiteProblem[] }) {
  const broken = problems.filter((problem) => problem.fatal)
  const notes = problems.filter((problem) => !problem.fatal)
  if (problems.length === 0) return null
  return (
    <div className="problems">
      {broken.length > 0 ? (
        <Alert
          color="red"
          icon={<TriangleAlert />}
          title="The site has an error; its last good state goes on serving"
          role="alert"
        >
          {broken.map((problem) => (
            <OneProblem key={textOf(problem)} problem={problem} />
          ))}
        </Alert>
      ) : null}
      {notes.length > 0 ? (
        <details className="notes">
          <summary>{notes.length === 1 ? 'One note on this site' : `${notes.length} notes on this site`}</summary>
          {notes.map((problem) => (
            <OneProblem key={textOf(problem)} problem={problem} />
          ))}
        </details>
      ) : null}
    </div>
  )
}

function OneProblem({ problem }: { readonly problem: SiteProblem }) {
  const { file, line, column } = problem.at
  return (
    <div className="problem">
      <strong>{[file, line, column].filter((part) => part !== undefined).join(':')}</strong>
      <div>{problem.message}</div>
      {problem.frame ? <pre tabIndex={0}>{problem.frame}</pre> : null}
      {problem.hint ? <div className="quiet">{problem.hint}</div> : null}
    </div>
  )
}

function textOf(problem: SiteProblem): string {
  return `${problem.at.file} ${problem.at.line} ${problem.message}`
}
