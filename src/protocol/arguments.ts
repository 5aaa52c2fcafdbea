/** The keys of a request frame besides `action` and `request_id`, as the client sent them: nothing in here is trusted yet. */
export type MessageArguments = Readonly<Record<string, unknown>>;
