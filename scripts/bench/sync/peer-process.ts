/** A peer's server in a process of its own: `node peer-process.ts hocuspocus|y-websocket`. Says its port; see measure.ts. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Hocuspocus } from '@hocuspocus/server';
import { setupWSConnection } from '@y/websocket-server/utils';
import { WebSocketServer } from 'ws';

const [, , kind] = process.argv;
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const http = createServer();
if (kind === 'hocuspocus') {
  const hocuspocus = new Hocuspocus({ quiet: true });
  sockets.on('connection', (socket, request) => {
    const target = `http://${request.headers.host ?? 'bench'}${request.url ?? '/'}`;
    const connection = hocuspocus.handleConnection(socket, new Request(target));
    socket.on('message', (data: Buffer) => connection.handleMessage(new Uint8Array(data)));
    socket.on('close', (code, reason) => connection.handleClose({ code, reason: reason.toString() }));
  });
} else {
  sockets.on('connection', setupWSConnection);
}
http.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request));
});
http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit(0));
