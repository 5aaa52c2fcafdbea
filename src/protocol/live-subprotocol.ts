/** The sub-protocol that adds to DCRF's frames what a client needs to never show half a transaction (PROTOCOL.md 1.4, 10.5, 10.17 and on). */
export const liveSubprotocol = "restwave.v1";
