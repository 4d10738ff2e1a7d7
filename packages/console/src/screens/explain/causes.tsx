/** Causes in their order, and how a signature stands: the same, whoever says it. */
import type { Explanation } from '@hallpass/signing/explain'
import type { ReactNode } from 'react'
import { Badge } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/badge.tsx'
import classes from './explain.module.css'

const TONES: Readonly<Record<Explanation['signature'], Tone>> = {
  valid: 'good',
  refused: 'warn',
  invalid: 'bad',
  unchecked: 'dim',
}

export function Signature({ state }: { readonly state: Explanation['signature'] }): ReactNode {
  return <Badge tone={TONES[state]}>{state}</Badge>
}

export interface ShownCause {
  readonly code: string
  readonly what: string
  readonly fix: string | null
  readonly evidence?: string | null
}

export function Causes({
  title,
  causes,
}: {
  readonly title: string
  readonly causes: readonly ShownCause[]
}): ReactNode {
  return (
    <>
      <h2>{title}</h2>
      <ol className={classes['causes']}>
        {causes.map(({ code, what, fix, evidence = null }) => (
          <li key={code}>
            <p>
              <strong>{what}</strong>
            </p>
            {fix !== null && <p>{fix}</p>}
            {evidence !== null && <p className={classes['evidence']}>{evidence}</p>}
          </li>
        ))}
      </ol>
    </>
  )
}
