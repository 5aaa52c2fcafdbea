import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";

const LOG2_COST = 17;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 1;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/**
 * Hashes a password with scrypt at the parameters that OWASP's password storage sheet names: N = 2^17, r = 8, p = 1. The result says how it
 * was made (PHC string format), so the parameters can be raised later without losing the old hashes.
 *
 * Takes 128 MiB and some tenths of a second on a thread of libuv's pool; the event loop goes on meanwhile.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, { cost: 2 ** LOG2_COST, blockSize: BLOCK_SIZE, parallelization: PARALLELIZATION });
  return `$scrypt$ln=${LOG2_COST},r=${BLOCK_SIZE},p=${PARALLELIZATION}$${encode(salt)}$${encode(key)}`;
}

const ENCODED = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/;

/** Is `encoded` the hash of this password? False for anything that {@link hashPassword} did not make. */
export async function verifyPassword(password: string, encoded: string): Promise<boolean> {
  const [, log2Cost, blockSize, parallelization, salt, key] = ENCODED.exec(encoded) ?? [];
  if (salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, "base64");
  const actual = await derive(password, Buffer.from(salt, "base64"), {
    cost: 2 ** Number(log2Cost),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
  });
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function derive(password: string, salt: Buffer, parameters: ScryptOptions): Promise<Buffer> {
  // Node refuses more than 32 MiB unless told otherwise; scrypt needs 128 * cost * blockSize bytes and a little.
  const options = { ...parameters, maxmem: 256 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** Base64 without padding, as the PHC string format has it. */
function encode(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}
