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
    | 'secret_key'
    | 'brokers'
    | 'security'
    | 'mechanism'
    | 'ca'
    | 'certificate'
    | 'key'
    | 'registry'
    | 'registry_user'
    | 'registry_password'
    | 'session_token'
    | 'from';
  kind: 'text' | 'number' | 'secret' | 'choice' | 'pem';
  required?: boolean;
  placeholder?: string;
  /** The first is what an empty one means. */
  choices?: readonly string[];
  /** Asked for only then. */
  when?: (values: Readonly<Record<string, string>>) => boolean;
}

const isEncrypted = ({ security }: Readonly<Record<string, string>>) => security === 'tls';

const database = (port: string): ConnectionField[] => [
  { key: 'host', kind: 'text', required: true, placeholder: 'db.example.com' },
  { key: 'port', kind: 'number', placeholder: port },
  { key: 'database', kind: 'text' },
  { key: 'user', kind: 'text' },
  { key: 'password', kind: 'secret' },
  { key: 'sslmode', kind: 'choice', choices: ['prefer', 'disable', 'require', 'verify-full'] },
];

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
  kafka: [
    { key: 'brokers', kind: 'text', required: true, placeholder: 'broker:9092, other:9092' },
    { key: 'security', kind: 'choice', choices: ['none', 'tls'] },
    { key: 'ca', kind: 'pem', when: isEncrypted },
    { key: 'certificate', kind: 'pem', when: isEncrypted },
    { key: 'key', kind: 'secret', when: isEncrypted },
    { key: 'user', kind: 'text' },
    { key: 'password', kind: 'secret' },
    { key: 'mechanism', kind: 'choice', choices: ['plain', 'scram-sha-256', 'scram-sha-512'] },
    { key: 'registry', kind: 'text', placeholder: 'https://registry.example.com' },
    { key: 'registry_user', kind: 'text' },
    { key: 'registry_password', kind: 'secret' },
  ],
  kinesis: [
    { key: 'region', kind: 'text', placeholder: 'us-east-1' },
    { key: 'endpoint', kind: 'text', placeholder: 'https://kinesis.us-east-1.amazonaws.com' },
    { key: 'access_key', kind: 'text', required: true },
    { key: 'secret_key', kind: 'secret' },
    { key: 'session_token', kind: 'secret' },
  ],
  smtp: [
    { key: 'host', kind: 'text', required: true, placeholder: 'smtp.example.com' },
    { key: 'port', kind: 'number', placeholder: '587' },
    { key: 'security', kind: 'choice', choices: ['starttls', 'tls', 'none'] },
    { key: 'from', kind: 'text', required: true, placeholder: 'reports@example.com' },
    { key: 'user', kind: 'text' },
    { key: 'password', kind: 'secret' },
  ],
};
