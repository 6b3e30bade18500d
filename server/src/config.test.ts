import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, loadConfig } from './config.ts';

describe('loadConfig', () => {
  it('needs nothing', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ host: '127.0.0.1', port: 4321, databaseUrl: null, worker: true });
    expect(config.lakeUrl).toBe(`file://${path.resolve('.datacraft/lake')}`);
  });

  it('lets flags win over the environment', () => {
    const config = loadConfig({ PORT: '1', DATACRAFT_DATA_DIR: '/a' }, { port: '2', dataDir: '/b', worker: false });
    expect(config).toMatchObject({ port: 2, dataDir: '/b', worker: false });
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://a:secret@b/c'],
    ['DATACRAFT_LAKE_URL', 'ftp://x'],
    ['DATACRAFT_LAKE_URL', 's3://'],
    ['DATACRAFT_SECRET_KEY', 'short'],
    ['DATACRAFT_ALLOWED_PATHS', 'relative/path'],
    ['DATACRAFT_URL', 'https://x/y'],
    ['DATACRAFT_MEMORY_MB', '1.5'],
    ['DATACRAFT_OPENLINEAGE_URL', 'kafka://broker/topic'],
    ['DATACRAFT_WORKER', 'perhaps'],
    ['DATACRAFT_LOG_LEVEL', 'loud'],
    ['DATACRAFT_DATA_DIR', import.meta.filename],
  ])('says in one line what is wrong with %s=%s, and exits 78', (name, value) => {
    const attempt = () => loadConfig({ [name]: value });
    expect(attempt).toThrow(new RegExp(`^${name}: expected [^\n]+$`));
    expect(attempt).not.toThrow(/secret/);
    try {
      attempt();
    } catch (error) {
      expect(exitCodeOf(error)).toBe(78);
    }
  });
});
