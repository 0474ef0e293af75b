/**
 * One comparison with a bcrypt hash, in the thread that password-hash.ts starts for it.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { compareSync } from 'bcryptjs';

const { text, password } = workerData as { text: string; password: string }; // from password-hash.ts

parentPort?.postMessage(compareSync(password, text));
