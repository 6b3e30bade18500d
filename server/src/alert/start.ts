import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import type { Scorers } from '../model/scorers.ts';
import { createCipher } from '../secret/cipher.ts';
import { loadSecretKey } from '../secret/key.ts';
import { everyLook } from '../worker/every-look.ts';
import { deliver } from './deliver.ts';
import { lookAtRules } from './evaluate.ts';

const LOOK_EVERY_MS = 500;

/** Looks at rules and sends what waits, each at its own pace: a receiver that hangs holds up no rule. */
export function startAlerts(engine: ServerEngine, scorers: Scorers, deps: Deps): { stop(): Promise<void> } {
  const { config, collector, metrics, log } = deps;
  const { db, now } = engine.run;
  const cipher = () => loadSecretKey(config).then(createCipher);
  const looks = [
    () => lookAtRules({ engine, scorers, metrics: () => collector.collect(true), log }),
    () => deliver({ db, cipher, config, metrics, log, now }),
  ].map((work) => everyLook(work, LOOK_EVERY_MS, log));
  return {
    stop: async () => {
      await Promise.all(looks.map((look) => look.stop()));
    },
  };
}
