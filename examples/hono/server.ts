/** The application on Hono. */
import process from 'node:process'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { links, uploads } from '../page/handlers.ts'
import { page, script } from '../page/serve-page.ts'

const app = new Hono()
app.post('/api/upload', (context) => uploads(context.req.raw))
app.post('/api/link', (context) => links(context.req.raw))
app.get('/', (context) => context.html(page))
app.get('/page.js', (context) => context.body(script, 200, { 'content-type': 'text/javascript' }))

serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) }, ({ port }) =>
  console.log(`http://localhost:${port}`),
)
