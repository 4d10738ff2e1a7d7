/**
 * The script of pages with a film or a sound: it goes on where it was when the URL that it came by has ended meanwhile, by another one
 * that the page hands out. Without it the page is to be loaded again.
 */
export const PLAY_SCRIPT = `
const player = document.querySelector('video, audio')
/** Of what no other URL brought either, none is asked for again. */
let mayAsk = true

player.addEventListener('loadeddata', () => {
  mayAsk = true
})
player.addEventListener('error', async () => {
  if (!mayAsk || player.error.code === MediaError.MEDIA_ERR_DECODE) return
  mayAsk = false
  const { currentTime, paused } = player
  const answer = await fetch(location.href)
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const next = page.querySelector('video, audio')
  if (next === null) return
  player.preload = 'auto'
  player.src = next.getAttribute('src')
  player.currentTime = currentTime
  if (!paused) await player.play()
})
`
