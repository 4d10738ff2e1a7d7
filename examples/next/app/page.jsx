'use client'
import { useSignedUrl, useUpload } from '@hallpass/react'

/** Uploads the picture that is chosen, shows how far it is, and then the picture. */
// oxlint-disable-next-line import/no-default-export
export default function Page() {
  const { start, state, progress, error, result } = useUpload('avatar')
  const { url } = useSignedUrl(result?.file?.path ?? null)
  const send = ({ target }) => {
    const [file] = target.files
    // What it fails for is shown below.
    if (file !== undefined) start(file).catch(() => undefined)
  }
  return (
    <main>
      <h1>Your picture</h1>
      <p>
        <label>
          Choose one <input type="file" accept="image/*" onChange={send} />
        </label>
      </p>
      <p>
        <progress max={Math.max(progress.total, 1)} value={progress.sent} />{' '}
        <output>{error?.message ?? (state === 'done' ? 'Done.' : '')}</output>
      </p>
      {url !== null && (
        <p>
          <img alt="You" src={url} />
        </p>
      )}
    </main>
  )
}
