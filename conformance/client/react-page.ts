/** What runs in the page of `react.test.ts`: a component with everything of @hallpass/react. */
import { Dropzone, useSignedUrl, useUpload } from '@hallpass/react'
import { StrictMode, createElement, useState } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'

const say = (id: string, text: unknown): ReactNode => createElement('output', { id }, String(text))

function Application(): ReactNode {
  const { start, state, progress, error, result } = useUpload('any')
  const path = result?.file?.path ?? null
  const { url, error: urlError } = useSignedUrl(path)
  const [refused, setRefused] = useState(0)
  return createElement(
    'main',
    null,
    createElement(Dropzone, {
      accept: ['image/*', '.txt'],
      multiple: false,
      onFiles: ([file]) => {
        if (file !== undefined) start(file).catch(() => undefined)
      },
      onRefused: (files) => setRefused(files.length),
      children: ({ rootProps, inputProps, isOver }) =>
        createElement(
          'div',
          { ...rootProps, id: 'zone', 'data-over': isOver },
          createElement('input', inputProps),
          'Drop a file',
        ),
    }),
    say('state', state),
    say('progress', `${progress.sent}/${progress.total}`),
    say('error', error === null ? '' : error),
    say('refused', refused),
    say('url', url ?? ''),
    say('url-error', urlError ?? ''),
  )
}

const root = document.createElement('div')
document.body.append(root)
createRoot(root).render(createElement(StrictMode, null, createElement(Application)))
