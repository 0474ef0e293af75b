/**
 * Figures for Prometheus at `/metrics`, on a listener of their own that is never the public
 * one. The only file that knows prom-client; loaded only where the figures are wanted.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { Meter } from '../lib/meter.ts';
import { counters, timers, watched } from './instruments.ts';

export interface MetricsSettings {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

export interface Metrics {
  readonly meter: Meter;
  readonly port: number;
  /** What `/metrics` answers. */
  text(): Promise<string>;
  close(): Promise<void>;
}

const PREFIX = 'doorstep_';
/** How often the event loop is looked at; ten times as often cost 1 % of a CPU, all day. */
const LOOK_EVERY_MS = 100;

/** Throws when the address cannot be had. */
export async function openMetrics({ host, port }: MetricsSettings): Promise<Metrics> {
  // Its own, because several apps in one process must not count for each other.
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOK_EVERY_MS });
  const text = (): Promise<string> => registry.metrics();

  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    text().then(
      (body) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');

  return {
    meter: createMeter(registry),
    port: (server.address() as AddressInfo).port, // of a listener on a port, not on a path
    text,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
      registry.clear();
    },
  };
}

/** Throws where a name or a label is not in the table. */
function createMeter(registry: Registry): Meter {
  const registers = [registry];
  const counting = mapValues(
    counters,
    ({ help, labels }, name) =>
      new Counter({ name: PREFIX + name, help, labelNames: labels, registers }),
  );
  const timing = mapValues(
    timers,
    ({ help, labels, seconds }, name) =>
      new Histogram({
        ...{ name: PREFIX + name, help, registers },
        labelNames: labels,
        buckets: [...seconds],
      }),
  );

  return {
    count: (name, labels = {}, by = 1) => known(counting, name).inc(labels, by),
    time: (name, seconds, labels = {}) => known(timing, name).observe(labels, seconds),
    watch(name, read) {
      const { help, grows } = known<(typeof watched)[keyof typeof watched]>(watched, name);
      const settings = { name: PREFIX + name, help, registers };
      const instrument = grows ? Counter : Gauge;
      new instrument({ ...settings, collect: follow });

      function follow(this: Gauge | Counter): void {
        if ('set' in this) {
          this.set(read());
          return;
        }
        this.reset();
        this.inc(read());
      }
    },
  };
}

function known<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) throw new Error(`${name} is not in src/metrics/instruments.ts`);
  return found;
}

const mapValues = <Row, T>(
  table: Readonly<Record<string, Row>>,
  make: (row: Row, name: string) => T,
): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(table).map(([name, row]) => [name, make(row, name)]));
