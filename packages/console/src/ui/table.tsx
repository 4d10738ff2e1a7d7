import type { ReactNode } from 'react'
import classes from './table.module.css'

export interface TableProps {
  /** Says to those who do not see it what is in it. */
  readonly label: string
  readonly heads: readonly string[]
  readonly children: ReactNode
}

/** Rows of cells; on a narrow screen each row stands on its own. */
export function Table({ label, heads, children }: TableProps): ReactNode {
  return (
    <div className={classes['frame']} role="region" aria-label={label} tabIndex={0}>
      <table className={classes['table']} aria-label={label}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
