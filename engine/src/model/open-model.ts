import { Fault, say } from '@datacraft/shared';
import type { ModelFile, WrittenTree } from './model-file.ts';
import { MODEL_FORMAT, MODEL_FORMAT_VERSION } from './model-file.ts';
import type { Tree } from './tree.ts';

export function decodeModel(bytes: Uint8Array): ModelFile {
  const read = JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
  ) as ModelFile & { format: string; version: number };
  if (read.format !== MODEL_FORMAT || read.version !== MODEL_FORMAT_VERSION) {
    throw new Fault(
      'unsupported',
      say('a model file of version {version} cannot be read: train it again', { version: read.version }),
    );
  }
  const { body } = read;
  if (body.kind !== 'trees') return read;
  return { ...read, body: { ...body, trees: (body.trees as unknown as WrittenTree[]).map(readTree) } };
}

function readTree(tree: WrittenTree): Tree {
  return {
    feature: new Int16Array(bufferOf(tree.feature)),
    threshold: new Float64Array(bufferOf(tree.threshold)),
    right: new Int32Array(bufferOf(tree.right)),
    flags: new Uint8Array(bufferOf(tree.flags)),
    sets: new Uint32Array(bufferOf(tree.sets)),
    values: new Float64Array(bufferOf(tree.values)),
    ...(tree.counts === undefined ? {} : { counts: new Int32Array(bufferOf(tree.counts)) }),
  };
}

/** A buffer of its own, so that numbers begin where they must. */
function bufferOf(text: string): ArrayBuffer {
  const own = new ArrayBuffer(Buffer.byteLength(text, 'base64'));
  Buffer.from(own).write(text, 'base64');
  return own;
}
