/** A PDF of one page with a red square, and whether a browser's own reader shows one. */
import type { Page } from 'playwright-core'
import { waitUntil } from './patience.ts'

const DRAWING = '1 0 0 rg 20 20 160 160 re f'
const OBJECTS = [
  '<< /Type /Catalog /Pages 2 0 R >>',
  '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << >> >>',
  `<< /Length ${DRAWING.length} >>\nstream\n${DRAWING}\nendstream`,
]

function makePdf(): string {
  let text = '%PDF-1.4\n'
  const places: string[] = []
  for (const [index, object] of OBJECTS.entries()) {
    places.push(`${String(text.length).padStart(10, '0')} 00000 n \n`)
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
  }
  const table = `xref\n0 ${places.length + 1}\n0000000000 65535 f \n${places.join('')}`
  const trailer = `trailer\n<< /Size ${places.length + 1} /Root 1 0 R >>\n`
  return `${text}${table}${trailer}startxref\n${text.length}\n%%EOF\n`
}

export const PDF: string = makePdf()

/** Chromium's reader is a frame of its own, which has the document as a frame within it. */
export function waitForReader(page: Page): Promise<void> {
  const isRead = (): boolean =>
    page
      .frames()
      .some((frame) => frame.parentFrame()?.url().startsWith('chrome-extension://') === true)
  return waitUntil(isRead, 'the reader of the browser shows the document')
}
