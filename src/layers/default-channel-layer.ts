import { InMemoryChannelLayer } from "./in-memory-channel-layer.ts";

/** The layer that servers and signals use unless told otherwise: one per process, so that all of them reach each other. */
export const defaultChannelLayer: InMemoryChannelLayer = new InMemoryChannelLayer();
