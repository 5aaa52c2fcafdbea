import type { JSHandle, Page } from "playwright-core";

/** A frame of section 2 of the protocol. */
export interface Request {
  readonly action: string;
  readonly request_id: string | number;
  readonly [argument: string]: unknown;
}

/** What a page does by hand: opens the browser's own `WebSocket` and keeps all that comes. Runs in the page, so it uses nothing from outside. */
async function openInPage(path: string) {
  const socket = new WebSocket(`ws://${location.host}${path}`);
  const frames: unknown[] = [];
  let wake = (): void => {};
  socket.addEventListener("message", ({ data }) => {
    frames.push(JSON.parse(data));
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new TypeError(`${path} could not be opened.`)));
  });
  return {
    closed,
    send: (frame: unknown) => socket.send(JSON.stringify(frame)),
    next: async () => {
      while (frames.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return frames.shift();
    },
    takeRest: () => frames.splice(0),
  };
}

type InPage = Awaited<ReturnType<typeof openInPage>>;

/** A socket of a page, held from outside. With a stream every frame is wrapped, and unwrapped, as for a multiplexer. */
export class PageSocket {
  readonly #inPage: JSHandle<InPage>;
  readonly #stream: string | null;

  private constructor(inPage: JSHandle<InPage>, stream: string | null) {
    this.#inPage = inPage;
    this.#stream = stream;
  }

  static async open(page: Page, path: string, stream: string | null): Promise<PageSocket> {
    return new PageSocket(await page.evaluateHandle(openInPage, path), stream);
  }

  async send(request: Request): Promise<void> {
    const frame = this.#stream === null ? request : { stream: this.#stream, payload: request };
    await this.#inPage.evaluate((socket, sent) => socket.send(sent), frame);
  }

  /** The next frame, whatever it is. */
  async next(): Promise<unknown> {
    return this.#unwrapped(await this.#inPage.evaluate((socket) => socket.next()));
  }

  /** Sends a request and gives the next frame. */
  async ask(request: Request): Promise<unknown> {
    await this.send(request);
    return this.next();
  }

  /** The close code that the page is told. */
  closed(): Promise<number> {
    return this.#inPage.evaluate((socket) => socket.closed);
  }

  /** Frames that came and were not asked for. */
  takeRest(): Promise<unknown[]> {
    return this.#inPage.evaluate((socket) => socket.takeRest());
  }

  #unwrapped(frame: unknown): unknown {
    if (this.#stream === null) return frame;
    const { stream, payload, ...more } = Object(frame);
    if (stream !== this.#stream || Object.keys(more).length > 0)
      throw new TypeError(`A frame of another form: ${JSON.stringify(frame)}`);
    return payload;
  }
}
