import type { ReactNode } from 'react'
import classes from './badge.module.css'
import { classNames } from './class-names.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'dim'

export function Badge({
  tone,
  children,
}: {
  readonly tone: Tone
  readonly children: ReactNode
}): ReactNode {
  return <span className={classNames(classes['badge'], classes[tone])}>{children}</span>
}
