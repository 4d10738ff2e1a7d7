/** How the console is made into files that a server hands out as they are. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Vite wants its settings as the default export.
// oxlint-disable-next-line import/no-default-export
export default defineConfig({
  base: '/-/console/',
  plugins: [react()],
  resolve: { conditions: ['@hallpass/source', 'module', 'browser', 'production'] },
  build: {
    target: 'es2022',
    // Everything is a file of the server: a picture written into the style would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
