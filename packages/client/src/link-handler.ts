/** For the application's server: what answers `fetchLink` of its web pages, `Request` → `Response`. */
export { createLinkHandler } from './handler/create-link-handler.ts'
export type { LinkHandlerOptions } from './handler/create-link-handler.ts'
