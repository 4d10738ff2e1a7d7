/** Starts Hallpass from code: settings in, a running server out. */
export { ConfigError, formatConfig, readConfig } from './config.ts'
export type { Config, ConfigSources } from './config.ts'
export { SETTINGS, SETTING_NAMES } from './config/settings.ts'
export type { Setting, SettingName } from './config/settings.ts'
export { EXIT_REFUSED, serve, startServer } from './main.ts'
export type { RunningServer, ServeOptions } from './main.ts'
export { StoreError } from './platform/store-errors.ts'
