/** Short words on what was done, for ten seconds, with a way back where there is one. What has to be read line by line stays until it is dismissed. */
import type { ReactNode } from 'react'
import { createContext, useCallback, useContext, useMemo, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import classes from './notices.module.css'
import { plainText } from './plain-text.ts'

const SHOWN_MS = 10_000
/** Of the details; how many more there are is said. */
const MOST_DETAILS = 10

export interface Notice {
  readonly text: string
  readonly isFailure?: boolean
  /** Takes it back, while the notice is there. */
  readonly undo?: () => void
  /** Tries once more what did not come about. */
  readonly retry?: () => void
  /** A line each. */
  readonly details?: readonly string[]
}

interface Shown extends Notice {
  readonly id: number
}

/** Something that takes its time, and can be stopped. */
export interface Task {
  readonly signal: AbortSignal
  readonly update: (done: number, total: number) => void
  readonly end: () => void
}

export interface Notices {
  readonly show: (notice: Notice) => void
  readonly fail: (error: Error) => void
  readonly begin: (text: string) => Task
}

const NoticesContext = createContext<Notices | null>(null)

export function useNotices(): Notices {
  const notices = useContext(NoticesContext)
  if (notices === null) throw new Error('There is nowhere to show notices.')
  return notices
}

export function NoticesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [shown, setShown] = useState<readonly Shown[]>([])
  const [tasks, setTasks] = useState<readonly ShownTask[]>([])
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
      if (notice.details === undefined) setTimeout(() => drop(id), SHOWN_MS)
    }
    const begin = (text: string): Task => {
      last.current += 1
      const id = last.current
      const stop = new AbortController()
      setTasks((all) => [...all, { id, text, stop, done: 0, total: 0 }])
      return {
        signal: stop.signal,
        update: (done, total) =>
          setTasks((all) => all.map((one) => (one.id === id ? { ...one, done, total } : one))),
        end: () => setTasks((all) => all.filter((one) => one.id !== id)),
      }
    }
    return { show, begin, fail: (error) => show({ text: error.message, isFailure: true }) }
  }, [drop])
  return (
    <NoticesContext value={notices}>
      {children}
      <div className={classes['notices']}>
        {tasks.map((task) => (
          <TaskLine key={task.id} task={task} />
        ))}
        <div role="status" aria-live="polite">
          {shown.map((notice) => (
            <NoticeLine key={notice.id} notice={notice} onDone={() => drop(notice.id)} />
          ))}
        </div>
      </div>
    </NoticesContext>
  )
}

interface ShownTask {
  readonly id: number
  readonly text: string
  readonly stop: AbortController
  readonly done: number
  /** 0 as long as nobody knows. */
  readonly total: number
}

function TaskLine({ task: { text, stop, done, total } }: { readonly task: ShownTask }): ReactNode {
  return (
    <div className={classes['notice']}>
      <span>
        {plainText(text)}
        {total > 0 ? `: ${done} of ${total}` : ' …'}
      </span>
      <progress aria-label={text} {...(total > 0 && { max: total, value: done })} />
      <Button aria-label={`Stop: ${text}`} onClick={() => stop.abort()}>
        Stop
      </Button>
    </div>
  )
}

function NoticeLine({
  notice,
  onDone,
}: {
  readonly notice: Notice
  readonly onDone: () => void
}): ReactNode {
  const { text, undo, retry, details = [], isFailure = false } = notice
  const then = (act: () => void) => (): void => {
    act()
    onDone()
  }
  return (
    <div className={classNames(classes['notice'], isFailure && classes['failed'])}>
      <span>{plainText(text)}</span>
      {undo !== undefined && <Button onClick={then(undo)}>Undo</Button>}
      {retry !== undefined && <Button onClick={then(retry)}>Try again</Button>}
      <Button kind="quiet" aria-label="Dismiss" onClick={onDone}>
        ✕
      </Button>
      {details.length > 0 && <Details lines={details} />}
    </div>
  )
}

function Details({ lines }: { readonly lines: readonly string[] }): ReactNode {
  const more = lines.length - MOST_DETAILS
  return (
    <ul className={classes['details']} tabIndex={0} aria-label="Which, and why">
      {lines.slice(0, MOST_DETAILS).map((line) => (
        <li key={line}>{plainText(line)}</li>
      ))}
      {more > 0 && <li>and {more} more</li>}
    </ul>
  )
}
