/** Every screen of the console, in the order in which they are listed. */

export interface Screen {
  readonly path:
    | '/files'
    | '/links'
    | '/alerts'
    | '/events'
    | '/policy'
    | '/keys'
    | '/explain'
    | '/checklist'
    | '/settings'
  readonly title: string
  /** Pressed after `g`, it leads there. */
  readonly key: string
}

export const SCREENS: readonly Screen[] = [
  { path: '/files', title: 'Files', key: 'f' },
  { path: '/links', title: 'Links', key: 'l' },
  { path: '/alerts', title: 'Alerts', key: 'a' },
  { path: '/events', title: 'Events', key: 'e' },
  { path: '/policy', title: 'Policy', key: 'p' },
  { path: '/keys', title: 'Keys', key: 'k' },
  { path: '/explain', title: 'Explain', key: 'x' },
  { path: '/checklist', title: 'Checklist', key: 'c' },
  { path: '/settings', title: 'Settings', key: 's' },
]
