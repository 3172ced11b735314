// Slack's Web API as `emulate` plays it, on a port of its own, with the seed that comes on standard input.
import { createEmulator } from 'emulate';

let given = '';
for await (const chunk of process.stdin) given += chunk;
const { port, seed } = JSON.parse(given);
await createEmulator({ service: 'slack', port, seed: { slack: seed } });
console.log('ready');
setInterval(() => {}, 1 << 30);
