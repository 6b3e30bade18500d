export { createApp } from './app.ts';
export type { Extension, RouteModule } from './app.ts';
export { exitCodeOf, loadConfig } from './config.ts';
export type { Config, Flags } from './config.ts';
export { startServer } from './main.ts';
export type { Attachment, RunningServer, StartOptions } from './main.ts';
