/**
 * Keeps the specification references honest: every `[KEY …]` in source and documentation names an entry
 * of docs/references.md, and every entry is used. `npm run check` runs it.
 */
import { globSync, readFileSync } from 'node:fs'

const REFERENCES = 'docs/references.md'
// A key is upper case with a digit or a dash in it: `[RFC3986 2.3]`, `[SIGV4-QUERY] canonical query string`.
const CITATION = /\[((?=[A-Z0-9-]*[0-9-])[A-Z][A-Z0-9-]{3,})(?: [^\]\n]*)?\](?!\()/g
const ENTRY = /^- \*\*([A-Z0-9-]+)\*\*/gm

const known = new Set(
  [...readFileSync(REFERENCES, 'utf8').matchAll(ENTRY)].map((match) => match[1] ?? ''),
)
const used = new Set<string>()
const problems: string[] = []

for (const file of globSync(['packages/*/src/**/*.ts', 'docs/**/*.md', '*.md'])) {
  if (file === REFERENCES) continue
  const lines = readFileSync(file, 'utf8').split('\n')
  lines.forEach((line, index) => {
    const isProse = file.endsWith('.md') || /^\s*(\*|\/\/|\/\*)/.test(line) || line.includes('// ')
    if (!isProse) return
    for (const match of line.matchAll(CITATION)) {
      const key = match[1] ?? ''
      if (known.has(key)) used.add(key)
      else problems.push(`${file}:${index + 1} cites ${key}, which ${REFERENCES} does not list`)
    }
  })
}
for (const key of known) {
  if (!used.has(key)) problems.push(`${REFERENCES} lists ${key}, which nothing cites`)
}
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`${known.size} references, all known and all used`)
