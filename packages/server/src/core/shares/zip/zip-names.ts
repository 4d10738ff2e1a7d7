/**
 * The names of files in an archive: what unpacking makes of each lies below one folder, on any system, and no two are the same. A name
 * that a system could read as a way out, a drive or a device is changed; all others stay.
 */

/** Names for what lies below `prefix`, in the order of `keys`; below the folder `root`. */
export function nameEntries(
  root: string,
  prefix: string,
  keys: readonly string[],
): readonly string[] {
  const below = keys.map((key) => safePath(key.slice(prefix.length)))
  const folders = foldersOf(below)
  const counts = new Map<string, number>()
  const top = safeSegment(root) || 'files'
  return below.map((path) => {
    const name = path.endsWith('/') ? path : findFree(path, counts, folders)
    return `${top}/${name}`
  })
}

/** Every folder that a name lies in, folded, without its slash. */
function foldersOf(names: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const name of names) {
    for (let at = name.indexOf('/'); at !== -1; at = name.indexOf('/', at + 1)) {
      folders.add(fold(name.slice(0, at)))
    }
  }
  return folders
}

/** `counts` has every name that is taken, and how far the numbers behind it went: no choice of keys makes a count begin anew. */
function findFree(path: string, counts: Map<string, number>, folders: ReadonlySet<string>): string {
  const wanted = fold(path)
  let count = counts.get(wanted) ?? 1
  let name = path
  let folded = wanted
  while (counts.has(folded) || folders.has(folded)) {
    count += 1
    name = numbered(path, count)
    folded = fold(name)
  }
  counts.set(wanted, count)
  if (folded !== wanted) counts.set(folded, 1)
  return name
}

/** What is one name where case and the spelling of accents make no difference. */
function fold(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** `report (2).pdf`. */
export function numbered(path: string, count: number): string {
  const slash = path.lastIndexOf('/')
  const dot = path.lastIndexOf('.')
  const end = dot > slash + 1 ? dot : path.length
  return `${path.slice(0, end)} (${count})${path.slice(end)}`
}

function safePath(path: string): string {
  const segments = path.split('/')
  const isFolder = path.endsWith('/')
  const names = segments.map(safeSegment).filter((segment) => segment !== '')
  return names.length === 0 ? '_' : names.join('/') + (isFolder ? '/' : '')
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSAFE = /[\u0000-\u001F\u007F<>:"|?*\\\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g
/** Names of devices, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i

function safeSegment(segment: string): string {
  const plain = segment
    .toWellFormed()
    .replaceAll(UNSAFE, '_')
    .replace(/[. ]+$/, '_')
  return DEVICE.test(plain) ? `_${plain}` : plain
}
