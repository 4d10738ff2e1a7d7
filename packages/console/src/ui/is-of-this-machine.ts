/** Whether the address leads to whatever machine it is opened on. */
export function isOfThisMachine(url: string): boolean {
  return /^(?:localhost|.*\.localhost|127\..*|\[::1\])$/.test(new URL(url).hostname)
}
