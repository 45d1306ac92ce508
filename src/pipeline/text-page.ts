/** A page of plain words: no script, one style sheet that the policy names by its hash, every text escaped. */
export interface TextPage {
  readonly title: string
  readonly paragraphs: readonly string[]
  readonly pre?: string
  readonly foot?: string
}

const style =
  ':root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:12vh auto;padding:0 1.25rem}' +
  'h1{font-size:1.4rem;margin:0 0 1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#8881;border-left:4px solid #d9480f;' +
  'padding:1rem;border-radius:4px;font:14px/1.5 ui-monospace,monospace}footer{margin-top:2rem;opacity:.65;font-size:.85rem}'

/** SHA-256 of `style`; a test compares. */
export const styleHash = 'sha256-IUO75Oj6HOBHacy0QlTg+j6h4a2kt0sstqQaK4Jma+k='

export function createTextPage(page: TextPage): {
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
} {
  const paragraphs = page.paragraphs.map((text) => `<p>${escape(text)}</p>`).join('\n')
  const pre = page.pre === undefined ? '' : `<pre>${escape(page.pre)}</pre>\n`
  const foot = page.foot === undefined ? '' : `<footer>${escape(page.foot)}</footer>\n`
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(page.title)}</title>
<style>${style}</style>
<main>
<h1>${escape(page.title)}</h1>
${paragraphs}
${pre}${foot}</main>
</html>
`
  return {
    html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src '${styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    },
  }
}

/** The exact text of the style sheet, for the test of its hash. */
export function styleText(): string {
  return style
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
