/** The lines of a policy in JSON. Which of them can hold at a place is for the domain to say. */
import { Type } from 'typebox'
import type { Static, TInteger, TOptional } from 'typebox'
import type { FolderPolicy } from '../../../catalog/records.ts'
import { TypeRange, named, strictObject } from '../schemas.ts'

/** The domain knows the bounds of each line, and says more than a schema would. */
function whole(description: string): TOptional<TInteger> {
  const bounds = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
  return Type.Optional(Type.Integer({ ...bounds, description }))
}

const PolicyMethodSchema = Type.Union([
  Type.Literal('GET'),
  Type.Literal('PUT'),
  Type.Literal('POST'),
  Type.Literal('DELETE'),
])

export const PolicySchema = named(
  'Policy',
  strictObject(
    {
      maxDownloadSeconds: whole('The longest life of a link that downloads.'),
      maxUploadSeconds: whole('The longest life of every other link.'),
      defaultDownloadSeconds: whole('The life of a download link that names none.'),
      defaultUploadSeconds: whole('The life of an upload link that names none.'),
      reasonOverSeconds: whole(
        'A link that lives longer needs a written reason; with 0 every link does.',
      ),
      maxShareSeconds: whole(
        'The longest life of a share; without it a share lives as long as a link that does the same.',
      ),
      methods: Type.Optional(
        Type.Array(PolicyMethodSchema, {
          maxItems: 4,
          uniqueItems: true,
          description:
            'What links may do here, GET with HEAD; an empty list lets none do anything.',
        }),
      ),
      corsOrigins: Type.Optional(
        Type.Array(Type.String({ maxLength: 255 }), {
          maxItems: 64,
          description:
            'Web pages of these origins alone may come here with links, forms or scripts; those of the server itself always may.',
        }),
      ),
      requireIp: Type.Optional(
        Type.Boolean({ description: 'Every link names the addresses it works from.' }),
      ),
      requirePassword: Type.Optional(
        Type.Boolean({ description: 'Every share asks for a password.' }),
      ),
      maxUses: whole('Every link counts its uses, and has at most so many.'),
      minBytes: whole('The smallest file.'),
      maxBytes: whole('The largest file.'),
      maxTotalBytes: whole(
        'All that lies here, with all versions of it, has at most so many bytes.',
      ),
      maxFiles: whole('At most so many files lie here.'),
      contentTypes: Type.Optional(
        Type.Array(TypeRange, {
          maxItems: 64,
          description: 'What a file may call itself; `image/*` takes a family.',
        }),
      ),
      requireMatchingType: Type.Optional(
        Type.Boolean({
          description:
            'Files whose bytes contradict their type or the ending of their name are refused.',
        }),
      ),
      quarantine: Type.Optional(
        Type.Array(Type.Union([Type.Literal('clamav'), Type.Literal('webhook')]), {
          maxItems: 2,
          uniqueItems: true,
          description:
            'Nobody sees a file before its bytes were read again and compared with what it says it is, and before all that are named here have found nothing.',
        }),
      ),
      scannerLost: Type.Optional(
        Type.Union([Type.Literal('hold'), Type.Literal('pass')], {
          description:
            'What becomes of a file while a scanner does not answer, or cannot take one as large: it waits, or is refused (`hold`, as without this line), or it passes.',
        }),
      ),
      inlineTypes: Type.Optional(
        Type.Array(TypeRange, {
          maxItems: 64,
          description:
            'Of the types that browsers may show in place, those that they may show here; all others are saved.',
        }),
      ),
      delivery: Type.Optional(
        Type.Union([Type.Literal('proxied'), Type.Literal('redirected'), Type.Literal('direct')], {
          description:
            'Of files in mounted buckets: how bytes reach whoever may have them. Through this server (`proxied`, as without this line), by a redirect to a URL of the store that lives a minute, or by a URL of the store that is handed out itself, which nothing but its end takes back.',
        }),
      ),
    },
    'What is said here. It can tighten what is said above, and loosen nothing.',
  ),
)

export const ReasonSchema = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'Why; kept with the change.',
})

type PolicyLines = Static<typeof PolicySchema>

export function viewPolicyLines(policy: FolderPolicy): PolicyLines {
  const { methods, corsOrigins, contentTypes, inlineTypes, quarantine, ...rest } = policy
  return {
    ...rest,
    ...(methods !== undefined && { methods: [...methods] }),
    ...(corsOrigins !== undefined && { corsOrigins: [...corsOrigins] }),
    ...(contentTypes !== undefined && { contentTypes: [...contentTypes] }),
    ...(quarantine !== undefined && { quarantine: [...quarantine] }),
    ...(inlineTypes !== undefined && { inlineTypes: [...inlineTypes] }),
  }
}
