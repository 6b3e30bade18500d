/** Arrows between rooms. Each rule has a canary in scripts/lint/arrows.test.ts that must turn red. */
const vendor = (name, packages, rooms, reason) => ({
  name,
  comment: reason,
  severity: 'error',
  from: { path: '^(shared|engine|server|web|migrations|scripts)/', pathNot: `${rooms}|\\.test\\.ts$|/testing/` },
  to: { path: `node_modules/(${packages})(/|$)` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that import each other have one job between them: split it off or merge them.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'shared-imports-nothing-of-ours',
      comment: 'shared is the words everybody uses; it may not know who uses them.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(engine|server|web|migrations)/' },
    },
    {
      name: 'shared-has-no-platform',
      comment: 'shared runs in the browser and on the server: no node built-ins.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'engine-imports-only-shared',
      comment: 'The engine runs headless: it knows no server and no window.',
      severity: 'error',
      from: { path: '^engine/', pathNot: '\\.(integration|services)\\.test\\.ts$' },
      to: { path: '^(server|web|migrations)/' },
    },
    {
      name: 'web-imports-shared-and-learning',
      comment:
        'The window talks to the server over HTTP and sockets; SvelteKit does not stop this import, we do. Learners alone are pure, and have a door for it.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(engine/src/(?!learning\.ts$)|server|migrations)/?' },
    },
    {
      name: 'learning-has-no-platform',
      comment: 'What a browser imports of the engine gives the same bytes there: no node built-ins, however far below.',
      severity: 'error',
      from: { path: '^engine/src/learning\.ts$' },
      to: {
        path: '^(node:)?(buffer|child_process|crypto|fs|module|os|path|process|url|util|worker_threads)(/|$)',
        reachable: true,
      },
    },
    {
      name: 'server-uses-the-engine-by-its-door',
      comment: 'Only engine/src/index.ts is public.',
      severity: 'error',
      from: { path: '^server/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/src/(?!index\\.ts$)' },
    },
    {
      name: 'compile-and-plan-are-pure',
      comment: 'compile and plan take values and return values; leaves do the work.',
      severity: 'error',
      from: { path: '^engine/src/(graph|compile|plan)/', pathNot: '\\.test\\.ts$|/testing/' },
      to: {
        path: '^engine/src/(run|store|materialize|publish|iceberg|lake|source|expectation)/|^engine/src/duckdb/(?!session\\.ts$)',
      },
    },
    {
      name: 'graph-knows-nobody',
      comment: 'graph is generic.',
      severity: 'error',
      from: { path: '^engine/src/graph/' },
      to: { path: '^engine/src/(?!graph/)' },
    },
    vendor(
      'duckdb-in-one-room',
      '@duckdb/node-api',
      '^engine/src/(duckdb|arrow)/|^scripts/bench/',
      'DuckDB for Node has one door: engine/src/duckdb (and its Arrow writer).',
    ),
    vendor('mysql-in-one-room', 'mysql2', '^engine/src/source/mysql/', 'MySQL is a detail of one source.'),
    vendor(
      'avro-in-two-rooms',
      'avsc',
      '^engine/src/(iceberg|source/kafka/format)/',
      'Avro is a detail of Iceberg metadata and of messages.',
    ),
    vendor(
      'protobuf-in-one-room',
      'protobufjs',
      '^engine/src/source/kafka/format/',
      'Protobuf is a format of messages.',
    ),
    vendor(
      'forecasts-in-one-room',
      '@bsull/augurs',
      '^engine/src/model/',
      'Forecasting by WebAssembly is a detail of models.',
    ),
    vendor('grpc-in-one-room', '@grpc', '^engine/src/spark/', 'gRPC is a detail of Spark Connect.'),
    vendor(
      'yjs-in-its-rooms',
      'yjs|y-protocols|y-websocket',
      '^shared/src/ydoc/|^server/src/room/|^web/src/lib/(room|notebook|cell|editor)/',
      'The CRDT stays behind the document.',
    ),
    vendor('kafka-in-one-room', 'kafkajs', '^engine/src/source/kafka/', 'A broker speaks through one door.'),
    vendor('redis-in-one-room', '@redis', '^server/src/model/online/', 'Online features alone are kept in Redis.'),
    vendor('mail-in-one-room', 'nodemailer', '^server/src/mail/', 'Alerts and tables go by one way of mails.'),
    vendor('hono-only-in-server', 'hono|@hono', '^server/', 'HTTP belongs to the door.'),
    vendor('svelte-only-in-web', 'svelte|@sveltejs', '^web/', 'The window is the only Svelte room.'),
    {
      name: 'declared-dependencies',
      comment: 'A workspace declares what it imports.',
      severity: 'error',
      from: { path: '^(shared|engine|server|migrations)/', pathNot: '\\.test\\.ts$|/testing/' },
      to: {
        pathNot: '^(shared|engine|migrations)/',
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^web/build/|/\\.svelte-kit/|^test-results/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.svelte'],
    },
  },
};
