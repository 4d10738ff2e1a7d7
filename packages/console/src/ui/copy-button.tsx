import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

export interface CopyButtonProps {
  readonly text: string
  readonly label: string
  readonly kind?: 'plain' | 'primary' | 'quiet'
}

/** Says that it worked, or that the browser did not let it. */
export function CopyButton({ text, label, kind = 'plain' }: CopyButtonProps): ReactNode {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  const said = { idle: label, copied: 'Copied', refused: 'Select and copy it by hand' }[state]
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    )
  }
  return (
    <Button kind={kind} onClick={copy} onBlur={() => setState('idle')}>
      <span aria-live="polite">{said}</span>
    </Button>
  )
}
