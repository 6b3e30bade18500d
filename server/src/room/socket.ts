import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CloseReason } from '@datacraft/shared';
import { closeCodes, isFault } from '@datacraft/shared';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { Auth, Credentials } from '../auth/index.ts';
import { bearerOf } from '../auth/index.ts';
import { within } from '../auth/permission.ts';
import type { Principal } from '../auth/principal.ts';
import { atLeast } from '../auth/principal.ts';
import type { Config } from '../config.ts';
import type { Bus } from '../live/bus.ts';
import { isKnownHost } from '../middleware/host.ts';
import { isOwnOrigin } from '../middleware/origin.ts';
import type { Peer, Room } from './room.ts';
import type { Rooms } from './rooms.ts';

/** `/sync/{notebookId}`: lets people into rooms, and out again when they may no longer be there. */
export interface SyncDoor {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  stop(): void;
}

interface SyncDeps {
  readonly config: Pick<Config, 'host' | 'publicUrl'>;
  readonly auth: Auth;
  readonly pool: pg.Pool;
  readonly bus: Bus;
  readonly rooms: Rooms;
  readonly log: Logger;
}

interface Guest extends Peer {
  readonly socket: WebSocket;
  readonly room: Room;
  readonly credentials: Credentials;
  principal: Principal;
  answered: boolean;
}

const MAX_FRAME_BYTES = 16 * 1024 * 1024;
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
const HEARTBEAT_MS = 30_000;

export function createSyncDoor(deps: SyncDeps): SyncDoor {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  const guests = new Set<Guest>();

  const review = async (guest: Guest) => {
    const { principal } = await deps.auth.identify(guest.credentials);
    if (!principal) return guest.close('unauthenticated');
    const mightWrite = guest.mayWrite();
    try {
      guest.principal = await within(deps.pool, principal, guest.room.notebookId);
    } catch (error) {
      if (isFault(error, 'not-found')) return guest.close('forbidden');
      throw error;
    }
    if (!mightWrite && guest.mayWrite()) guest.room.askForMissing(guest);
  };
  const reviewSafely = (guest: Guest) => {
    review(guest).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'a socket could not be reviewed; the next heartbeat does'),
    );
  };
  const stops = [
    deps.bus.subscribe('users', ({ userId }) => {
      for (const guest of guests) if (guest.userId === userId) reviewSafely(guest);
    }),
    deps.bus.subscribe('access', ({ notebookId }) => {
      for (const guest of guests) if (notebookId === null || guest.room.notebookId === notebookId) reviewSafely(guest);
    }),
    deps.bus.onGap(() => guests.forEach(reviewSafely)), // whatever was said meanwhile was not heard
  ];
  const heartbeat = setInterval(() => {
    for (const guest of guests) {
      if (!guest.answered) {
        guest.socket.terminate();
        continue;
      }
      guest.answered = false;
      guest.socket.ping();
      reviewSafely(guest);
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();

  const admit = (socket: WebSocket, room: Room, principal: Principal, credentials: Credentials, wantsAck: boolean) => {
    const guest = guestOf(socket, room, principal, credentials, wantsAck);
    guests.add(guest);
    socket.on('pong', () => (guest.answered = true));
    socket.on('error', (error) => {
      const tooBig = 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      deps.rooms.refusals.count(guest.userId, room.notebookId, tooBig ? 'oversize' : 'frame'); // 'close' follows
    });
    socket.on('close', () => {
      guests.delete(guest);
      room.leave(guest);
    });
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      guest.answered = true;
      if (isBinary) room.receive(guest, data);
      else {
        guest.close('bad-frame');
        deps.rooms.refusals.count(guest.userId, room.notebookId, 'frame');
      }
    });
    room.join(guest);
  };

  return {
    async upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      const url = URL.parse(request.url ?? '/', 'http://sync');
      if (!url) return refuse(socket, 400, 'Bad Request');
      const notebookId = /^\/sync\/([\w-]{1,64})$/.exec(url.pathname)?.[1];
      if (notebookId === undefined) return refuse(socket, 404, 'Not Found');
      if (!isKnownHost(request.headers, deps.config)) return refuse(socket, 421, 'Misdirected Request');
      const { origin, host } = request.headers;
      if (origin !== undefined && !isOwnOrigin(origin, host, deps.config.publicUrl))
        return refuse(socket, 403, 'Forbidden');
      try {
        const token = url.searchParams.get('token') ?? bearerOf(request.headers.authorization);
        const credentials: Credentials = { cookie: request.headers.cookie, bearer: token };
        const { principal: known } = await deps.auth.identify(credentials);
        if (!known) return refuse(socket, 401, 'Unauthorized');
        const principal = await within(deps.pool, known, notebookId);
        const room = await deps.rooms.open(notebookId);
        server.handleUpgrade(request, socket, head, (webSocket) => {
          admit(webSocket, room, principal, credentials, url.searchParams.get('ack') === '1');
        });
      } catch (error) {
        if (isFault(error, 'not-found')) return refuse(socket, 404, 'Not Found');
        deps.log.error({ err: error, notebookId }, 'a socket could not be opened');
        refuse(socket, 503, 'Service Unavailable');
      }
    },
    stop() {
      clearInterval(heartbeat);
      for (const stop of stops) stop();
      for (const guest of guests) guest.close('going-away');
      server.close();
    },
  };
}

function guestOf(
  socket: WebSocket,
  room: Room,
  principal: Principal,
  credentials: Credentials,
  wantsAck: boolean,
): Guest {
  const guest: Guest = {
    socket,
    room,
    credentials,
    principal,
    wantsAck,
    answered: true,
    userId: principal.userId,
    account: () => ({ id: guest.principal.userId, name: guest.principal.name }),
    mayWrite: () => atLeast(guest.principal.role, 'editor'),
    send(frame) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return guest.close('too-slow');
      socket.send(frame);
    },
    close(reason: CloseReason) {
      socket.close(closeCodes[reason], reason);
      if (reason === 'too-slow' || reason === 'bad-frame') setTimeout(() => socket.terminate(), 1_000).unref();
    },
  };
  return guest;
}

function refuse(socket: Duplex, status: number, text: string): void {
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
