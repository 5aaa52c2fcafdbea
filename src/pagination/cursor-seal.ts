import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";

const TAG_BYTES = 16;

/** A server that is given no secret seals with this one, which no other process and no later start of this one knows. */
const processSecret = randomBytes(32);

/**
 * Seals short texts so that a client can carry them but neither read nor change nor make them, nor use one in another context than it was
 * made for. The tag is HMAC-SHA256 over context and text, and is at once the start value of AES-256-CTR (the SIV construction, after
 * RFC 5297), so that nothing must be random and equal texts give equal seals.
 */
export class CursorSeal {
  readonly #signingKey: Uint8Array;
  readonly #encryptionKey: Uint8Array;

  /** @param secret 32 bytes or more that all servers of one service share. Default: one of this process. */
  constructor(secret: string | Uint8Array = processSecret) {
    this.#signingKey = deriveKey(secret, "restwave cursor signature");
    this.#encryptionKey = deriveKey(secret, "restwave cursor encryption");
  }

  /** The text as base64url. */
  seal(context: string, text: string): string {
    const tag = this.#tag(context, Buffer.from(text));
    const cipher = createCipheriv("aes-256-ctr", this.#encryptionKey, tag);
    return Buffer.concat([tag, cipher.update(text, "utf8"), cipher.final()]).toString("base64url");
  }

  /** The text again, or null when this secret did not seal it for this context. */
  open(context: string, sealed: string): string | null {
    const bytes = Buffer.from(sealed, "base64url");
    // Node's decoder skips what is not base64url, so that many spellings would open.
    if (bytes.length < TAG_BYTES || bytes.toString("base64url") !== sealed) return null;
    const tag = bytes.subarray(0, TAG_BYTES);
    const decipher = createDecipheriv("aes-256-ctr", this.#encryptionKey, tag);
    const text = Buffer.concat([decipher.update(bytes.subarray(TAG_BYTES)), decipher.final()]);
    return timingSafeEqual(tag, this.#tag(context, text)) ? text.toString("utf8") : null;
  }

  #tag(context: string, text: Uint8Array): Buffer {
    const mac = createHmac("sha256", this.#signingKey);
    // The length keeps a part of the context from passing as a part of the text.
    mac.update(`${Buffer.byteLength(context)}:${context}`).update(text);
    return mac.digest().subarray(0, TAG_BYTES);
  }
}

function deriveKey(secret: string | Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", purpose, 32));
}
