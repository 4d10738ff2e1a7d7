/** What a list or page shows before it has something, when it has nothing, and when it could not get it. */
import { isHallpassError } from '@hallpass/client'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import { CopyButton } from './copy-button.tsx'
import classes from './states.module.css'

const LINES = ['one', 'two', 'three', 'four']

export function Loading(): ReactNode {
  return (
    <div className={classes['skeleton']} role="status" aria-label="Loading">
      {LINES.map((line) => (
        <span key={line} />
      ))}
    </div>
  )
}

export interface FailedProps {
  readonly error: Error
  readonly onRetry?: () => void
}

export function Failed({ error, onRetry }: FailedProps): ReactNode {
  const known = isHallpassError(error) ? error : null
  return (
    <div className={classNames(classes['state'], classes['failed'])} role="alert">
      <p>{error.message}</p>
      {typeof known?.remedy === 'string' && <p>{known.remedy}</p>}
      {known !== null && (
        <p className={classes['code']}>
          Code <a href={`/-/docs/errors/${known.code}`}>{known.code}</a>
        </p>
      )}
      {onRetry !== undefined && (
        <div className={classes['actions']}>
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
    </div>
  )
}

export interface EmptyProps {
  readonly title: string
  readonly children?: ReactNode
  /** The same from a terminal. */
  readonly command?: string
}

export function Empty({ title, children, command }: EmptyProps): ReactNode {
  return (
    <div className={classes['state']}>
      <h2>{title}</h2>
      {children}
      {command !== undefined && (
        <>
          <pre tabIndex={0}>{command}</pre>
          <div className={classes['actions']}>
            <CopyButton text={command} label="Copy the command" />
          </div>
        </>
      )}
    </div>
  )
}
