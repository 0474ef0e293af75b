/**
 * What serves a house, whether it is two apps in this process or two processes.
 */
import type { Settings } from '../../src/config/schema.ts';
import type { Order } from './served-app.ts';

export interface Servers {
  /** Where every request goes that is for one of them. */
  readonly port: number;
  /** Starts both, on what the database keeps. */
  start(settings: Settings, logFile: string): Promise<void>;
  tellAll(order: Order): Promise<void>;
  /** Ends both, and cuts whoever is there; they may be started again. */
  stop(): Promise<void>;
  metricsPorts(): readonly number[];
  /** Lets the clock of one of them be off. */
  skew(seconds: number): void;
  /** The door as well. */
  close(): Promise<void>;
}
