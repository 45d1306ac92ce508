import { placeText } from '../errors/postern-error.ts'
import type { SiteProblem } from '../registry/site-folder.ts'

/** A page without any script or style of its own: it must show even where everything else is broken. */
export function problemsPage(problems: readonly SiteProblem[], index: Readonly<Record<string, string>>): string {
  const broken = problems.map(
    (problem) =>
      `<section role="alert"><h2>${escapeHtml(problem.at.file === '.' ? 'The site' : placeText(problem.at))}</h2><p><strong>${escapeHtml(problem.code)}</strong> ` +
      `${escapeHtml(problem.message)}</p>${problem.frame ? `<pre>${escapeHtml(problem.frame)}</pre>` : ''}` +
      `${problem.hint ? `<p>${escapeHtml(problem.hint)}</p>` : ''}</section>`,
  )
  const links = Object.entries(index).map(
    ([name, url]) => `<li><a href="${escapeHtml(url)}">${escapeHtml(name)}</a></li>`,
  )
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    '<meta name="color-scheme" content="light dark"><title>The site has an error</title></head><body>' +
    '<h1>The site has an error</h1><p>The last good state goes on serving until this is mended.</p>' +
    `${broken.join('')}<h2>Endpoints</h2><ul>${links.join('')}</ul></body></html>`
  )
}

export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char)
}
