/** Files that would run a script in the origin that shows them: what strangers upload. */
import { gzipSync } from 'node:zlib'

export interface HostileFile {
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

/** `report`: a script that tells where it runs. */
export function hostileFiles(report: (name: string) => string): readonly HostileFile[] {
  const files: HostileFile[] = []
  function add(
    name: string,
    contentType: string,
    content: (script: string) => string | Uint8Array,
    headers?: Readonly<Record<string, string>>,
  ): void {
    const bytes = Buffer.from(content(report(name)))
    files.push({ name, contentType, bytes, ...(headers !== undefined && { headers }) })
  }
  const html = (script: string): string => `<!doctype html><script>${script}</script>`
  const svg = (script: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg"><script><![CDATA[${script}]]></script></svg>`
  const xhtml = (script: string): string =>
    `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script><![CDATA[${script}]]></script></html>`

  add('page.html', 'text/html', html)
  add('page.htm', 'text/html; charset=utf-8', (script) => `<body onload="${escape(script)}">`)
  add('inline.html', 'text/html', html, { 'Content-Disposition': 'inline' })
  add('picture.svg', 'image/svg+xml', svg)
  add('inline.svg', 'image/svg+xml', svg, { 'Content-Disposition': 'inline; filename=a.png' })
  add(
    'foreign.svg',
    'image/svg+xml',
    (script) =>
      `<svg xmlns="http://www.w3.org/2000/svg"><foreignObject>${xhtml(script).slice(21)}</foreignObject></svg>`,
  )
  add('page.xhtml', 'application/xhtml+xml', xhtml)
  add('data.xml', 'application/xml', xhtml)
  add('styled.xml', 'text/xml', (script) => withStylesheet(html(script)))
  add('feed.rss', 'application/rss+xml', (script) => withStylesheet(html(script)))
  add('sheet.xsl', 'text/xsl', xhtml)
  add('archive.mht', 'multipart/related; boundary=b', (script) => mhtml(html(script)))
  add('archive.mhtml', 'message/rfc822', (script) => mhtml(html(script)))
  add('pushed.html', 'multipart/x-mixed-replace; boundary=b', (script) => mhtml(html(script)))
  add('script.js', 'text/javascript', (script) => script)
  add('module.mjs', 'application/javascript', (script) => script)
  add('data.json', 'application/json', html)
  add('photo.png', 'image/png', html)
  add('photo.jpg.html', 'image/jpeg', html)
  add('double.html.png', 'text/html', html)
  add('unknown', 'application/octet-stream', html)
  add('none', 'application/x-unknown-content-type', html)
  add('text.txt', 'text/plain', html)
  add('styles.css', 'text/css', html)
  add(
    'gif-and-script.gif',
    'image/gif',
    (script) => `GIF89a/*${'\0'.repeat(20)}*/=1;${script}${html(script)}`,
  )
  add('png-and-page.png', 'image/png', (script) =>
    Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.from(html(script))]),
  )
  add('pdf-and-page.pdf', 'application/pdf', (script) => `${html(script)}\n%PDF-1.7\n%%EOF`)
  add('acting.pdf', 'application/pdf', (script) => actingPdf(script))
  add('utf-7.html', 'text/html; charset=utf-7', (script) => utf7(html(script)))
  add('utf-7.txt', 'text/plain; charset=utf-7', (script) => utf7(html(script)))
  add('bom.txt', 'text/plain', (script) => Buffer.from(`\ufeff${html(script)}`))
  add('utf-16.txt', 'text/plain', (script) => Buffer.from(`\ufeff${html(script)}`, 'utf16le'))
  add('utf-16.bin', 'application/octet-stream', (script) =>
    Buffer.from(`\ufeff${html(script)}`, 'utf16le'),
  )
  add('packed.html', 'text/html', (script) => gzipSync(html(script)), {
    'Content-Encoding': 'gzip',
  })
  add('packed.txt', 'text/plain', (script) => gzipSync(html(script)), {
    'Content-Encoding': 'gzip',
  })
  add(
    'refresh.txt',
    'text/plain; charset=x-user-defined',
    (script) =>
      `<meta http-equiv=refresh content="0;url=javascript:${encodeURIComponent(script)}">`,
  )
  return files
}

function escape(script: string): string {
  return script.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

/** Its stylesheet is in the file itself. */
function withStylesheet(page: string): string {
  const script = /<script>(.*)<\/script>/s.exec(page)?.[1] ?? ''
  return `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#s"?><!DOCTYPE d [<!ATTLIST xsl:stylesheet id ID #REQUIRED>]>
<d><xsl:stylesheet id="s" version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><html
xmlns="http://www.w3.org/1999/xhtml"><script><![CDATA[${script}]]></script></html></xsl:template></xsl:stylesheet></d>`
}

function mhtml(page: string): string {
  return [
    'MIME-Version: 1.0',
    'Content-Type: multipart/related; type="text/html"; boundary="b"',
    '',
    '--b',
    'Content-Type: text/html',
    'Content-Location: http://example.com/',
    '',
    page,
    '--b--',
    '',
  ].join('\r\n')
}

function utf7(page: string): string {
  const base64 = Buffer.from(page, 'utf16le').swap16().toString('base64').replace(/=+$/, '')
  return `+${base64}-`
}

/** Runs when it is opened, in viewers that let it. */
function actingPdf(script: string): string {
  const text = script.replaceAll('\\', '\\\\').replaceAll('(', '\\(').replaceAll(')', '\\)')
  return [
    '%PDF-1.7',
    `1 0 obj <</Type /Catalog /Pages 2 0 R /OpenAction <</S /JavaScript /JS (${text})>>>> endobj`,
    '2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj',
    '3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>> endobj',
    'trailer <</Root 1 0 R>>',
    '%%EOF',
  ].join('\n')
}
