/** How a file looks, as far as nothing in it can run. */
import type { StoredFile } from '@hallpass/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import classes from './files.module.css'

const MAX_TEXT_BYTES = 64 * 1024
const MAX_IMAGE_BYTES = 20_000_000
const TEXT =
  /^(?:text\/[\w.+-]+|application\/(?:json|xml|yaml|toml)|[\w-]+\/[\w.-]+\+(?:json|xml))(?:;|$)/

export interface PreviewProps {
  readonly file: StoredFile
  /** Signed, or public. */
  readonly url: string
}

export function Preview({ file, url }: PreviewProps): ReactNode {
  const { contentType, name, size } = file
  const label = `Preview of ${name}`
  if (TEXT.test(contentType)) return <TextPreview file={file} url={url} />
  const [family] = contentType.split('/', 1)
  if (family === 'image' && size <= MAX_IMAGE_BYTES) {
    return <img className={classes['preview']} src={url} alt={label} />
  }
  if (family === 'audio') return <audio src={url} controls preload="none" aria-label={label} />
  if (family === 'video') {
    return (
      <video
        className={classes['preview']}
        src={url}
        controls
        preload="metadata"
        aria-label={label}
      />
    )
  }
  return null
}

/** Its beginning, as characters: whatever it is, nothing reads it as a page. */
function TextPreview({ file: { id, etag, size, name }, url }: PreviewProps): ReactNode {
  const found = useQuery({
    queryKey: ['preview', id, etag],
    queryFn: async ({ signal }) => {
      const headers = size === 0 ? {} : { range: `bytes=0-${MAX_TEXT_BYTES - 1}` }
      const answer = await fetch(url, { headers, signal })
      if (!answer.ok) throw new Error(`The file cannot be shown: ${answer.status}.`)
      return new TextDecoder().decode(await answer.arrayBuffer(), { stream: size > MAX_TEXT_BYTES })
    },
    staleTime: Infinity,
    retry: false,
  })
  if (found.data === undefined) return null
  return (
    <>
      <pre className={classes['text']} tabIndex={0} dir="auto" aria-label={`Preview of ${name}`}>
        {found.data}
      </pre>
      {size > MAX_TEXT_BYTES && <p>This is its beginning.</p>}
    </>
  )
}
