import type { ConnectionType } from './calls.ts';

interface ConnectionField {
  key:
    | 'host'
    | 'port'
    | 'database'
    | 'user'
    | 'password'
    | 'sslmode'
    | 'endpoint'
    | 'region'
    | 'bucket'
    | 'access_key'
    | 'secret_key';
  kind: 'text' | 'number' | 'secret' | 'choice';
  required?: boolean;
  placeholder?: string;
}

const database = (port: string): ConnectionField[] => [
  { key: 'host', kind: 'text', required: true, placeholder: 'db.example.com' },
  { key: 'port', kind: 'number', placeholder: port },
  { key: 'database', kind: 'text' },
  { key: 'user', kind: 'text' },
  { key: 'password', kind: 'secret' },
  { key: 'sslmode', kind: 'choice' },
];

export const sslmodes = ['disable', 'prefer', 'require', 'verify-full'] as const;

export const connectionFields: Readonly<Record<ConnectionType, readonly ConnectionField[]>> = {
  postgres: database('5432'),
  mysql: database('3306'),
  s3: [
    { key: 'endpoint', kind: 'text', placeholder: 'https://s3.example.com' },
    { key: 'region', kind: 'text', placeholder: 'us-east-1' },
    { key: 'bucket', kind: 'text' },
    { key: 'access_key', kind: 'text' },
    { key: 'secret_key', kind: 'secret' },
  ],
};
