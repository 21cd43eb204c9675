// What all drivers share: options from the environment, the screens, one JSON line a step.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

/** Options: BASE_URL (needed), MODEL, API_KEY, STEPS, SCREENS, MAX_TOKENS. */
export function optionsFromEnvironment(overrides = {}) {
  const env = process.env;
  const o = {
    baseUrl: env.BASE_URL, model: env.MODEL ?? 'starkv', apiKey: env.API_KEY ?? 'none', steps: Number(env.STEPS ?? 7),
    screens: env.SCREENS ?? path.join(here, '..', 'StarKV.Server.Tests', 'vectors', 'screens'), maxTokens: env.MAX_TOKENS ? Number(env.MAX_TOKENS) : undefined, ...overrides,
  };
  if (!o.baseUrl) throw new Error('Set BASE_URL, such as http://127.0.0.1:8080/v1');
  o.files = fs.readdirSync(o.screens).filter(f => /\.(png|jpe?g|webp)$/.test(f)).sort().map(f => path.join(o.screens, f));
  if (o.files.length === 0) throw new Error(`No screenshots in ${o.screens}`);
  o.instruction = env.INSTRUCTION ?? (fs.existsSync(path.join(o.screens, 'task.json')) ? JSON.parse(fs.readFileSync(path.join(o.screens, 'task.json'))).instruction : 'Close the window');
  return o;
}

/** The screenshot of a step, 0 first; after the last one they begin again. */
export const screen = (o, step) => fs.readFileSync(o.files[step % o.files.length]);
export const dataUri = (o, step) => `data:image/png;base64,${screen(o, step).toString('base64')}`;

/** Width and height in the header of a PNG. */
export const pngSize = bytes => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];

/** An error as a person who writes a server needs it. */
export function describe(error) {
  const e = error ?? {};
  const cause = e.cause?.code ?? e.cause?.message;
  return {
    name: e.constructor?.name ?? typeof e, message: String(e.message ?? e).slice(0, 300), ...(e.status !== undefined && { status: e.status }), ...(e.statusCode !== undefined && { status: e.statusCode }),
    ...(e.code != null && { code: e.code }), ...(e.type != null && { type: e.type }), ...(cause && { cause: String(cause).slice(0, 160) }), ...(e.reason && { reason: e.reason }),
  };
}

/** Runs a driver: `drive(options, emit)` emits one object a step; the exit code is 0 when every step was ok. */
export async function main(meta, client, drive) {
  if (process.argv[1] !== fileURLToPath(meta.url)) return;
  const o = optionsFromEnvironment();
  let [ok, failed] = [0, 0];
  const emit = line => { line.ok ? ok++ : failed++; console.log(JSON.stringify({ client, ...line })); };
  const begin = Date.now();
  try { await drive(o, emit); } catch (e) { emit({ step: -1, ok: false, error: describe(e) }); }
  console.log(JSON.stringify({ client, done: true, steps: ok + failed, ok, failed, ms: Date.now() - begin }));
  process.exit(failed === 0 && ok > 0 ? 0 : 1);
}
