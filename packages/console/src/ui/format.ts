/** Sizes and times as people say them. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** 1536 → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}

const STEPS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const

/** 7200 → `2 hours`. */
export function formatSeconds(seconds: number): string {
  const [size, unit] = STEPS.find(([length]) => seconds >= length) ?? STEPS[3]
  const count = Math.round(seconds / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** `in 3 hours`, `2 days ago`. */
export function formatRelative(time: string, nowMs: number): string {
  const seconds = Math.round((Date.parse(time) - nowMs) / 1000)
  const [size, unit] = STEPS.find(([length]) => Math.abs(seconds) >= length) ?? STEPS[3]
  return RELATIVE.format(Math.trunc(seconds / size), unit)
}
