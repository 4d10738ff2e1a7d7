import type { ReactNode } from 'react'
import { useEffect } from 'react'
import classes from './page.module.css'

export interface PageProps {
  readonly title: string
  /** Beside the title. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** One screen: its title is that of the tab too. */
export function Page({ title, actions, children }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Hallpass`
  }, [title])
  return (
    <div className={classes['page']}>
      <div className={classes['head']}>
        <h1>{title}</h1>
        <Actions>{actions}</Actions>
      </div>
      {children}
    </div>
  )
}

/** Buttons side by side. */
export function Actions({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={classes['actions']}>{children}</div>
}
