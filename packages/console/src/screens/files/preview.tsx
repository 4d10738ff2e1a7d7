/** How a file looks, as far as nothing in it can run. */
import type { StoredFile } from '@hallpass/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useRef, useState } from 'react'
import classes from './files.module.css'
import { plainText } from '../../ui/plain-text.ts'

const MAX_TEXT_BYTES = 64 * 1024
/** A larger picture or document is downloaded first. */
const MAX_AT_ONCE_BYTES = 20_000_000
const TEXT =
  /^(?:text\/[\w.+-]+|application\/(?:json|xml|yaml|toml)|[\w-]+\/[\w.-]+\+(?:json|xml))(?:;|$)/

export interface PreviewProps {
  readonly file: StoredFile
  /** Signed, or public; what may be shown in place is, by this URL. */
  readonly url: string
  /** Another one. */
  readonly renew: () => Promise<string | undefined>
}

export function Preview({ file, url, renew }: PreviewProps): ReactNode {
  const kind = kindOf(file)
  const label = `Preview of ${plainText(file.name)}`
  if (kind === null) return null
  if (file.delivery !== undefined) return <Elsewhere />
  switch (kind) {
    case 'text':
      return <TextPreview file={file} url={url} />
    case 'document':
      return <DocumentPreview file={file} url={url} />
    case 'image':
      return <img className={classes['preview']} src={url} alt={label} />
    case 'audio':
    case 'video':
      return <Played kind={kind} label={label} url={url} renew={renew} />
  }
}

type Shown = Omit<PreviewProps, 'renew'>

interface PlayedProps extends Pick<PreviewProps, 'url' | 'renew'> {
  readonly kind: 'audio' | 'video'
  readonly label: string
}

/** Its URL may end while it is played: it goes on where it was by another one. */
function Played({ kind, label, url, renew }: PlayedProps): ReactNode {
  // Whatever is asked for meanwhile begins nothing from the start.
  const [src] = useState(url)
  // Of what no other URL brought either, none is asked for again.
  const mayAsk = useRef(true)
  const goOn = async (player: HTMLMediaElement): Promise<void> => {
    if (!mayAsk.current || player.error?.code === MediaError.MEDIA_ERR_DECODE) return
    mayAsk.current = false
    const { currentTime, paused } = player
    const next = await renew()
    if (next === undefined) return
    player.preload = 'auto'
    player.src = next
    player.currentTime = currentTime
    if (!paused) await player.play()
  }
  const Player = kind
  return (
    <Player
      className={kind === 'video' ? classes['preview'] : undefined}
      src={src}
      controls
      preload={kind === 'video' ? 'metadata' : 'none'}
      aria-label={label}
      onLoadedData={() => {
        mayAsk.current = true
      }}
      onError={({ currentTarget }) => void goOn(currentTarget)}
    />
  )
}

type Kind = 'text' | 'document' | 'image' | 'audio' | 'video'

/** `null` of what is not shown. */
function kindOf(file: StoredFile): Kind | null {
  const { contentType, size } = file
  if (TEXT.test(contentType)) return 'text'
  const [family] = contentType.split('/', 1)
  if (family === 'audio' || family === 'video') return family
  if (size > MAX_AT_ONCE_BYTES) return null
  if (isDocument(file)) return 'document'
  return family === 'image' ? family : null
}

function Elsewhere(): ReactNode {
  return (
    <p role="note">
      No preview: the bytes of this file come from its store, and this page shows nothing but what
      comes from this server.
    </p>
  )
}

/** What browsers have a reader of their own for. */
export function isDocument({ contentType }: StoredFile): boolean {
  return /^application\/pdf(?:;|$)/.test(contentType)
}

/** Asked first whether it is shown at all: what a policy has saved instead would be, as soon as somebody looks. */
function DocumentPreview({ file: { id, etag, name }, url }: Shown): ReactNode {
  const found = useQuery({
    queryKey: ['preview', id, etag],
    queryFn: async ({ signal }) => {
      const { ok, headers } = await fetch(url, { method: 'HEAD', signal })
      return ok && headers.get('content-disposition')?.startsWith('inline') === true
    },
    staleTime: Infinity,
    retry: false,
  })
  if (found.data !== true) return null
  const label = `Preview of ${plainText(name)}`
  return (
    <object className={classes['document']} data={url} type="application/pdf" aria-label={label} />
  )
}

/** Its beginning, as characters: whatever it is, nothing reads it as a page. */
function TextPreview({ file: { id, etag, size, name }, url }: Shown): ReactNode {
  const found = useQuery({
    queryKey: ['preview', id, etag],
    queryFn: async ({ signal }) => {
      const headers = size === 0 ? {} : { range: `bytes=0-${MAX_TEXT_BYTES - 1}` }
      const answer = await fetch(url, { headers, signal })
      if (!answer.ok)
        throw new Error(`its bytes were asked for, and the answer is ${answer.status}.`)
      return new TextDecoder().decode(await answer.arrayBuffer(), { stream: size > MAX_TEXT_BYTES })
    },
    staleTime: Infinity,
    retry: false,
  })
  if (found.isError) return <p role="note">No preview: {found.error.message}</p>
  if (found.data === undefined) return null
  return (
    <>
      <pre
        className={classes['text']}
        tabIndex={0}
        dir="auto"
        aria-label={`Preview of ${plainText(name)}`}
      >
        {found.data}
      </pre>
      {size > MAX_TEXT_BYTES && <p>This is its beginning.</p>}
    </>
  )
}
