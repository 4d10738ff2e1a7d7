/** The application on Express. */
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { toNodeListener } from '@hallpass/client/node'
import express from 'express'
import { links, uploads } from '../page/handlers.ts'
import { page, script } from '../page/serve-page.ts'

const app = express()
app.post('/api/upload', toNodeListener(uploads))
app.post('/api/link', toNodeListener(links))
app.get('/', (_request, response) => {
  response.type('html').send(page)
})
app.get('/page.js', (_request, response) => {
  response.type('text/javascript').send(script)
})

const server = app.listen(Number(process.env['PORT'] ?? 3000), () => {
  const { port } = server.address() as AddressInfo
  console.log(`http://localhost:${port}`)
})
