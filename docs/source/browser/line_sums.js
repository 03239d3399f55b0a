// What stands for a line: the first 24 bits of its SHA-256, as in the maps. Computed here and not by SubtleCrypto,
// which is missing on plain http and four times slower on short lines.

const SUM_LENGTH = 4; // characters of Base64

/** @type {number[]} */
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);

/** SHA-256 takes its constants from roots of primes: 32 bits behind the point. @param {number} root */
const constants = (root) => Int32Array.from(primes, (prime) => (prime ** (1 / root) % 1) * 2 ** 32);
const START = constants(2).subarray(0, 8);
const ROUNDS = constants(3);
const words = new Int32Array(64);
const state = new Int32Array(8);

/** @param {number} word @param {number} by */
const rotate = (word, by) => (word >>> by) | (word << (32 - by));

/** Add 64 bytes to the state. @param {DataView} bytes @param {number} at */
function addBlock(bytes, at) {
  for (let i = 0; i < 16; i++) words[i] = bytes.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const old = words[i - 15];
    const recent = words[i - 2];
    words[i] =
      words[i - 16] +
      words[i - 7] +
      (rotate(old, 7) ^ rotate(old, 18) ^ (old >>> 3)) +
      (rotate(recent, 17) ^ rotate(recent, 19) ^ (recent >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one =
      h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i];
    const two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g; // one by one: taking an array apart here costs ten times as much
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] += word;
}

/** @param {string} line */
export function lineSum(line) {
  const text = new TextEncoder().encode(line);
  const padded = new Uint8Array((text.length + 72) & ~63);
  padded.set(text);
  padded[text.length] = 128;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, text.length * 8);
  state.set(START);
  for (let at = 0; at < padded.length; at += 64) addBlock(view, at);
  return state[0] >>> 8;
}

export const BLANK = lineSum("");

/** Read the sums that build.py has packed. @param {string} packed */
export function unpack(packed) {
  return Array.from({ length: packed.length / SUM_LENGTH }, (_, i) => {
    const bytes = atob(packed.slice(i * SUM_LENGTH, (i + 1) * SUM_LENGTH));
    return (bytes.charCodeAt(0) << 16) | (bytes.charCodeAt(1) << 8) | bytes.charCodeAt(2);
  });
}
