/** What was selected, as the files it is made of: of a folder all that lie below it, at any depth. */
import type { FilePage, Hallpass, StoredFile } from '@hallpass/client'
import type { Entry } from './entries.ts'

const PAGE = 1000

export async function collectFiles(
  api: Hallpass,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<StoredFile[]> {
  const found: StoredFile[] = []
  for (const entry of entries) {
    if (entry.kind === 'file') found.push(entry.file)
    else for await (const page of pagesBelow(api, entry.path, signal)) found.push(...page.files)
  }
  return found
}

async function* pagesBelow(
  api: Hallpass,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<FilePage> {
  let cursor: string | null = null
  do {
    const from: { cursor?: string } = cursor === null ? {} : { cursor }
    const page: FilePage = await api.files.list(
      { folder, recursive: true, limit: PAGE, ...from },
      { signal },
    )
    yield page
    cursor = page.nextCursor
  } while (cursor !== null)
}

export function countFiles(files: readonly unknown[]): string {
  return `${files.length} ${files.length === 1 ? 'file' : 'files'}`
}

/** `3 files`, or the one by its name. */
export function describeEntries(entries: readonly Entry[], files: readonly unknown[]): string {
  const [only, ...others] = entries
  const count = countFiles(files)
  if (only === undefined || others.length > 0) return count
  return only.kind === 'file' ? only.name : `${only.name}/ with ${count}`
}
