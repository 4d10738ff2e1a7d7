/** Types whose files cannot be told apart by how they begin, or go by several names. */

/** Every file of these begins with the marks of its family. */
const MARKED: readonly (readonly string[])[] = [
  ['image/png', 'image/apng', 'image/x-png', 'image/vnd.mozilla.apng'],
  ['image/jpeg', 'image/jpg', 'image/pjpeg'],
  ['image/gif'],
  ['image/webp'],
  ['image/bmp', 'image/x-bmp', 'image/x-ms-bmp'],
  ['image/x-icon', 'image/vnd.microsoft.icon', 'image/ico'],
  ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence', 'image/avif'],
  ['image/jxl'],
  ['image/vnd.adobe.photoshop', 'image/x-photoshop'],
  ['application/pdf', 'application/x-pdf'],
  ['application/gzip', 'application/x-gzip', 'application/x-tgz', 'application/x-compressed-tar'],
  ['application/x-7z-compressed'],
  ['application/x-bzip2', 'application/x-bzip'],
  ['application/x-xz'],
  ['application/zstd'],
  ['application/vnd.rar', 'application/x-rar-compressed', 'application/x-rar'],
  ['application/wasm'],
  ['application/vnd.sqlite3', 'application/x-sqlite3'],
  ['font/woff', 'application/font-woff', 'application/x-font-woff'],
  ['font/woff2', 'application/font-woff2'],
  ['audio/flac', 'audio/x-flac'],
  ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
  ['video/vnd.avi', 'video/x-msvideo', 'video/avi', 'video/msvideo'],
  ['video/x-flv'],
  ['audio/ogg', 'video/ogg', 'application/ogg', 'audio/opus'],
  ['video/webm', 'audio/webm', 'video/matroska', 'video/x-matroska', 'audio/x-matroska'],
]

/** Files of these may begin otherwise, though those that begin so are of the family. */
const LOOSE: readonly (readonly string[])[] = [
  [
    'image/tiff',
    'image/x-canon-cr2',
    'image/x-nikon-nef',
    'image/x-sony-arw',
    'image/x-adobe-dng',
    'image/x-olympus-orf',
    'image/x-panasonic-rw2',
  ],
  [
    'video/mp4',
    'audio/mp4',
    'application/mp4',
    'video/quicktime',
    'video/x-m4v',
    'audio/x-m4a',
    'video/3gpp',
    'video/3gpp2',
    'audio/3gpp',
  ],
  ['audio/mpeg', 'audio/mp3', 'audio/x-mp3', 'audio/x-mpeg'],
  ['audio/aac', 'audio/x-aac', 'audio/aacp'],
  ['font/ttf', 'font/otf', 'font/collection', 'font/sfnt', 'application/x-font-ttf'],
]

const FAMILY_OF = new Map<string, string>()
const MARKED_FAMILIES = new Set<string>()
for (const names of [...MARKED, ...LOOSE]) {
  for (const name of names) FAMILY_OF.set(name, names[0] ?? name)
}
for (const [first = ''] of MARKED) MARKED_FAMILIES.add(first)

const ZIP = 'application/zip'
/** Documents and programs that are archives inside; a head is too short to tell them apart. */
const ZIPS =
  /^application\/(?:zip|x-zip|x-zip-compressed|java-archive|x-xpinstall|vnd\.(?:openxmlformats-officedocument|oasis\.opendocument|android\.package-archive|apple\.|ms-[a-z]+\..*macroenabled).*|.*\+zip)$|^model\/3mf$/
const PROGRAM =
  /^application\/(?:x-msdownload|x-dosexec|x-msdos-program|vnd\.microsoft\.portable-executable|x-elf|x-executable|x-sharedlib|x-mach-binary|java-vm|x-ms-shortcut)$/
const TEXT =
  /^text\/|\+xml$|\+json$|^application\/(?:json|xml|javascript|ecmascript|x-javascript|xhtml\+xml|x-ndjson|yaml|toml|sql|rtf)$/

/** The name of the family that a type belongs to: its own, if it stands alone. */
export function familyOf(essence: string): string {
  if (ZIPS.test(essence)) return ZIP
  return PROGRAM.test(essence) ? 'a program' : (FAMILY_OF.get(essence) ?? essence)
}

/** True if a file of the type that does not begin like its family is none. */
export function isMarked(essence: string): boolean {
  const family = familyOf(essence)
  return family === ZIP || MARKED_FAMILIES.has(family)
}

/** True if it is a family that marks can show, so that the marks of another stand against it. */
export function isKnownFamily(essence: string): boolean {
  return isMarked(essence) || FAMILY_OF.has(essence)
}

export function isProgram(essence: string): boolean {
  return PROGRAM.test(essence)
}

/** Markup and scripts too. */
export function isText(essence: string): boolean {
  return TEXT.test(essence)
}
