/** What the image asks for its health: exits with 0 if the server in this container answers. */
const port = process.env.HALLPASS_PORT ?? '8787'
try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/-/healthz`, {
    signal: AbortSignal.timeout(4000),
  })
  process.exitCode = ok ? 0 : 1
} catch {
  process.exitCode = 1
}
