import { Fault, say } from '@datacraft/shared';

/**
 * RFC 7578 as a stream: parts come one after the other, their bytes are never gathered. A boundary may be cut anywhere
 * between two chunks, so the last bytes that could begin one are held back.
 */
export interface Part {
  readonly name: string;
  readonly filename: string | null;
  /** Must be read to its end before the next part. */
  readonly body: AsyncGenerator<Buffer>;
}

const MAX_HEADER_BYTES = 16 * 1024;

export function boundaryOf(contentType: string | undefined): string {
  const found = /^multipart\/form-data;.*boundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(contentType ?? '');
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined)
    throw new Fault(
      'bad-request',
      say('expected multipart/form-data with a boundary, got {contentType}', {
        contentType: contentType ?? say('no content type'),
      }),
    );
  return boundary;
}

export async function* readParts(source: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<Part> {
  const input = inputOf(source);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  input.prepend(Buffer.from('\r\n'));
  for await (const _ of until(input, delimiter)); // the preamble says nothing
  while (!(await isLast(input))) {
    const { name, filename } = dispositionOf(await readHead(input));
    const body = until(input, delimiter);
    yield { name, filename, body };
    for await (const _ of body); // whatever the reader left
  }
}

interface Input {
  /** What is at hand; replaced as it is taken. */
  buffer: Buffer;
  prepend(bytes: Buffer): void;
  /** False at the end of the source. */
  more(): Promise<boolean>;
}

function inputOf(source: AsyncIterable<Uint8Array>): Input {
  const iterator = source[Symbol.asyncIterator]();
  return {
    buffer: Buffer.alloc(0),
    prepend(bytes) {
      this.buffer = Buffer.concat([bytes, this.buffer]);
    },
    async more() {
      const next = await iterator.next();
      if (next.done) return false;
      this.buffer = this.buffer.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.buffer, next.value]);
      return true;
    },
  };
}

async function* until(input: Input, delimiter: Buffer): AsyncGenerator<Buffer> {
  for (;;) {
    const at = input.buffer.indexOf(delimiter);
    if (at >= 0) {
      const bytes = input.buffer.subarray(0, at);
      input.buffer = input.buffer.subarray(at + delimiter.length);
      if (bytes.length > 0) yield bytes;
      return;
    }
    const safe = input.buffer.length - delimiter.length + 1;
    if (safe > 0) {
      const bytes = input.buffer.subarray(0, safe);
      input.buffer = input.buffer.subarray(safe);
      yield bytes;
    }
    if (!(await input.more())) throw cutOff();
  }
}

/** After a delimiter: `--` ends the body, a line end begins a part. */
async function isLast(input: Input): Promise<boolean> {
  while (input.buffer.length < 2) if (!(await input.more())) throw cutOff();
  const mark = input.buffer.subarray(0, 2).toString('latin1');
  input.buffer = input.buffer.subarray(2);
  if (mark === '--') return true;
  if (mark !== '\r\n')
    throw new Fault('bad-request', 'broken multipart body: a boundary is followed by something else than a line end');
  return false;
}

async function readHead(input: Input): Promise<string> {
  for (;;) {
    const at = input.buffer.indexOf('\r\n\r\n');
    if (at >= 0) {
      const head = input.buffer.subarray(0, at).toString('utf8');
      input.buffer = input.buffer.subarray(at + 4);
      return head;
    }
    if (input.buffer.length > MAX_HEADER_BYTES)
      throw new Fault('bad-request', 'broken multipart body: the headers of a part are too long');
    if (!(await input.more())) throw cutOff();
  }
}

function dispositionOf(head: string): { name: string; filename: string | null } {
  const line = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? '';
  const name = /[;\s]name="([^"]*)"/i.exec(line)?.[1];
  if (name === undefined) throw new Fault('bad-request', 'broken multipart body: a part has no name');
  const filename = /[;\s]filename="((?:[^"\\]|\\.)*)"/i.exec(line)?.[1];
  return { name, filename: filename === undefined ? null : filename.replace(/%22/g, '"').replace(/%0D|%0A/gi, '') };
}

function cutOff(): Fault {
  return new Fault('bad-request', 'the upload broke off before its end; nothing was kept, send it again');
}
