import type { ReactNode } from 'react'
import classes from './bar-chart.module.css'

export interface Bar {
  /** What it stands for, in words: those who point at it read it. */
  readonly label: string
  readonly value: number
  /** How much of it stands out, as what went wrong. */
  readonly marked?: number
}

export interface BarChartProps {
  /** What all of it says, to those who do not see it. */
  readonly label: string
  readonly bars: readonly Bar[]
}

const HEIGHT = 60
const STEP = 10
const BAR = 8

/** How much of something there was, from left to right. */
export function BarChart({ label, bars }: BarChartProps): ReactNode {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  return (
    <svg
      role="img"
      aria-label={label}
      className={classes['chart']}
      viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      {bars.map(({ label: of, value, marked = 0 }, index) => {
        const height = (value / most) * HEIGHT
        const wrong = (marked / most) * HEIGHT
        const place = { x: index * STEP, width: BAR }
        return (
          <g key={of}>
            <title>{`${of}: ${value}`}</title>
            <rect {...place} y={HEIGHT - height} height={height} />
            {marked > 0 && (
              <rect {...place} y={HEIGHT - wrong} height={wrong} className={classes['marked']} />
            )}
          </g>
        )
      })}
    </svg>
  )
}
