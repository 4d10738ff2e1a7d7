import type { ReactNode } from 'react'
import { Empty } from '../../ui/states.tsx'
import { storeCommand } from './store-command.ts'

export interface EmptyFolderProps {
  readonly folder: string
  readonly startsWith: string
}

export function EmptyFolder({ folder, startsWith }: EmptyFolderProps): ReactNode {
  if (startsWith !== '') return <Empty title={`Nothing begins with ${startsWith}`} />
  return (
    <Empty title="Nothing lies here" command={storeCommand(`${folder}/report.pdf`)}>
      <p>Drop files or folders here, choose them above, or store one from a terminal.</p>
    </Empty>
  )
}
