/** The addresses of the console. A screen is loaded when it is opened. */
import type { EventFilter } from '@hallpass/client'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { Shell } from './shell.tsx'

const root = createRootRoute({ component: Shell })
const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => redirect({ to: '/files', throw: true }),
})
const files = createRoute({
  getParentRoute: () => root,
  path: '/files',
  validateSearch: (search: Record<string, unknown>) => ({
    ...textOf(search, 'folder'),
    ...textOf(search, 'startsWith'),
  }),
  component: lazyRouteComponent(() => import('../screens/files/files-screen.tsx'), 'FilesScreen'),
})
const links = createRoute({
  getParentRoute: () => root,
  path: '/links',
  validateSearch: (search: Record<string, unknown>) => ({
    ...textOf(search, 'path'),
    ...textOf(search, 'status'),
    ...textOf(search, 'key'),
  }),
  component: lazyRouteComponent(() => import('../screens/links/links-screen.tsx'), 'LinksScreen'),
})
const link = createRoute({
  getParentRoute: () => root,
  path: '/links/$id',
  component: lazyRouteComponent(() => import('../screens/links/link-screen.tsx'), 'LinkScreen'),
})
const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  component: lazyRouteComponent(
    () => import('../screens/alerts/alerts-screen.tsx'),
    'AlertsScreen',
  ),
})
const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  validateSearch: (search: Record<string, unknown>) => ({
    ...textOf(search, 'path'),
    ...textOf(search, 'link'),
    ...textOf(search, 'key'),
    // Of one that there is not the server says so.
    ...(textOf(search, 'kind') as Pick<EventFilter, 'kind'>),
  }),
  component: lazyRouteComponent(
    () => import('../screens/events/events-screen.tsx'),
    'EventsScreen',
  ),
})
const policy = createRoute({
  getParentRoute: () => root,
  path: '/policy',
  validateSearch: (search: Record<string, unknown>) => textOf(search, 'folder'),
  component: lazyRouteComponent(
    () => import('../screens/policy/policy-screen.tsx'),
    'PolicyScreen',
  ),
})
const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  component: lazyRouteComponent(() => import('../screens/keys/keys-screen.tsx'), 'KeysScreen'),
})
const explain = createRoute({
  getParentRoute: () => root,
  path: '/explain',
  component: lazyRouteComponent(
    () => import('../screens/explain/explain-screen.tsx'),
    'ExplainScreen',
  ),
})
const checklist = createRoute({
  getParentRoute: () => root,
  path: '/checklist',
  component: lazyRouteComponent(
    () => import('../screens/checklist/checklist-screen.tsx'),
    'ChecklistScreen',
  ),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(
    () => import('../screens/settings/settings-screen.tsx'),
    'SettingsScreen',
  ),
})

export const router = createRouter({
  basepath: '/-/console',
  routeTree: root.addChildren([
    start,
    files,
    links,
    link,
    alerts,
    events,
    policy,
    keys,
    explain,
    checklist,
    settings,
  ]),
  defaultPreload: false,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

function textOf<Name extends string>(
  search: Readonly<Record<string, unknown>>,
  name: Name,
): { readonly [Key in Name]?: string } {
  const value = search[name]
  return (typeof value === 'string' && value !== '' ? { [name]: value } : {}) as {
    readonly [Key in Name]?: string
  }
}
