import type { ReactNode } from 'react'
import { Empty } from '../../ui/states.tsx'

export interface EmptyFolderProps {
  readonly folder: string
  readonly startsWith: string
}

export function EmptyFolder({ folder, startsWith }: EmptyFolderProps): ReactNode {
  if (startsWith !== '') return <Empty title={`Nothing begins with ${startsWith}`} />
  const path = folder === '' ? 'acme/report.pdf' : `${folder}/report.pdf`
  const command = `curl -T report.pdf '${location.origin}/v1/files?${new URLSearchParams({ path })}' \\
  -H "Authorization: Bearer $HALLPASS_API_KEY"`
  if (folder === '') {
    return (
      <Empty title="There is no bucket yet" command={command}>
        <p>
          A bucket is the first part of a path. Make one here, or store a file: its bucket is made
          with it. The answer holds a signed URL of the file.
        </p>
      </Empty>
    )
  }
  return (
    <Empty title="Nothing lies here" command={command}>
      <p>Drop files or folders here, choose them above, or store one from a terminal.</p>
    </Empty>
  )
}
