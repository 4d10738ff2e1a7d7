/** What stands around every screen: the list of screens, who is signed in, and whether the network is there. */
import { Link, Outlet } from '@tanstack/react-router'
import { useState, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { CommandList } from './command-list.tsx'
import { ErrandsProvider } from './errands.tsx'
import { SCREENS } from './screens.ts'
import { useSession } from './session.tsx'
import classes from './shell.module.css'
import { ShortcutHelp } from './shortcut-help.tsx'
import { useShellShortcuts } from './shortcuts.ts'
import { UploadPanel } from './upload-panel.tsx'

export function Shell(): ReactNode {
  return (
    <ErrandsProvider>
      <Frame />
    </ErrandsProvider>
  )
}

function Frame(): ReactNode {
  const [open, setOpen] = useState<'commands' | 'help' | null>(null)
  useShellShortcuts(setOpen)
  const isOnline = useOnline()
  return (
    <>
      <a className={classes['skip']} href="#main">
        To the content
      </a>
      {!isOnline && (
        <p role="status" className={classes['offline']}>
          There is no network. What you see may be old; nothing you do is sent.
        </p>
      )}
      <div className={classes['shell']}>
        <SideBar onHelp={() => setOpen('help')} />
        <main id="main" tabIndex={-1} className={classes['main']}>
          <UploadPanel />
          <Outlet />
        </main>
      </div>
      {open === 'commands' && (
        <CommandList onHelp={() => setOpen('help')} onClose={() => setOpen(null)} />
      )}
      {open === 'help' && <ShortcutHelp onClose={() => setOpen(null)} />}
    </>
  )
}

function SideBar({ onHelp }: { readonly onHelp: () => void }): ReactNode {
  const { me, signOut } = useSession()
  return (
    <header className={classes['side']}>
      <span className={classes['name']}>Hallpass</span>
      <nav className={classes['nav']} aria-label="Screens">
        {SCREENS.map(({ path, title }) => (
          <Link key={path} to={path}>
            {title}
          </Link>
        ))}
      </nav>
      <div className={classes['who']}>
        <span>{'name' in me ? me.name : me.subject}</span>
        <Button kind="quiet" onClick={onHelp} aria-label="Keyboard shortcuts">
          ?
        </Button>
        <Button kind="quiet" onClick={signOut}>
          Sign out
        </Button>
      </div>
    </header>
  )
}

function useOnline(): boolean {
  return useSyncExternalStore(watchOnline, () => navigator.onLine)
}

function watchOnline(onChange: () => void): () => void {
  addEventListener('online', onChange)
  addEventListener('offline', onChange)
  return () => {
    removeEventListener('online', onChange)
    removeEventListener('offline', onChange)
  }
}
