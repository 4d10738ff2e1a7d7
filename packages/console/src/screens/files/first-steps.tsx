import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/states.tsx'
import type { Entry, Rows } from './entries.ts'
import { storeCommand } from './store-command.ts'

/** What the first start makes by itself. */
const SAMPLES = 'samples'

/** Whether nobody has a bucket of their own yet. */
export function isUnused(entries: Rows<Entry>): boolean {
  return entries.length <= 1 && (entries.at(0)?.path ?? SAMPLES) === SAMPLES
}

/** On a new server: from nothing to a link that opens. */
export function FirstSteps({ onBucket }: { readonly onBucket: () => void }): ReactNode {
  return (
    <Empty title="There is no bucket of yours yet" command={storeCommand('acme/report.pdf')}>
      <p>
        A bucket is the first part of a path. Make one, put a file into it, and share the file: that
        is a signed URL. From a terminal a file makes its bucket by itself, and the answer holds the
        URL.
      </p>
      <div>
        <Button kind="primary" onClick={onBucket}>
          Make the first bucket
        </Button>
      </div>
    </Empty>
  )
}
