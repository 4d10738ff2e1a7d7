/** Short words on what was done, for ten seconds, with a way back where there is one. */
import type { ReactNode } from 'react'
import { createContext, useCallback, useContext, useMemo, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import classes from './notices.module.css'

const SHOWN_MS = 10_000

export interface Notice {
  readonly text: string
  readonly isFailure?: boolean
  /** Takes it back, while the notice is there. */
  readonly undo?: () => void
}

interface Shown extends Notice {
  readonly id: number
}

export interface Notices {
  readonly show: (notice: Notice) => void
  readonly fail: (error: Error) => void
}

const NoticesContext = createContext<Notices>({ show: () => undefined, fail: () => undefined })

export function useNotices(): Notices {
  return useContext(NoticesContext)
}

export function NoticesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [shown, setShown] = useState<readonly Shown[]>([])
  const last = useRef(0)
  const drop = useCallback(
    (id: number) => setShown((all) => all.filter((one) => one.id !== id)),
    [],
  )
  const notices = useMemo<Notices>(() => {
    const show = (notice: Notice): void => {
      last.current += 1
      const id = last.current
      setShown((all) => [...all, { ...notice, id }])
      setTimeout(() => drop(id), SHOWN_MS)
    }
    return { show, fail: (error) => show({ text: error.message, isFailure: true }) }
  }, [drop])
  return (
    <NoticesContext value={notices}>
      {children}
      <div className={classes['notices']} role="status" aria-live="polite">
        {shown.map((notice) => (
          <NoticeLine key={notice.id} notice={notice} onDone={() => drop(notice.id)} />
        ))}
      </div>
    </NoticesContext>
  )
}

function NoticeLine({
  notice,
  onDone,
}: {
  readonly notice: Shown
  readonly onDone: () => void
}): ReactNode {
  const { text, undo, isFailure = false } = notice
  const takeBack = (): void => {
    undo?.()
    onDone()
  }
  return (
    <div className={classNames(classes['notice'], isFailure && classes['failed'])}>
      <span>{text}</span>
      {undo !== undefined && <Button onClick={takeBack}>Undo</Button>}
      <Button kind="quiet" aria-label="Dismiss" onClick={onDone}>
        ✕
      </Button>
    </div>
  )
}
