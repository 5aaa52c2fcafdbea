const requests = [
  { action: "list" },
  { action: "retrieve", pk: 2 },
  { action: "patch", pk: 2, data: { email: "edited@example.com" } },
  { action: "update", pk: 2, data: { username: "user 2" } },
  {
    action: "create",
    data: { username: "new user 4", password1: "testpassword123", password2: "testpassword123", email: "4@example.com" },
  },
  { action: "delete", pk: 4 },
];
const FRAMES_KEPT = 200;

const byId = (id) => document.getElementById(id);
const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`;
let socket;
let lastRequestId = 0;

function connect() {
  socket?.close();
  const current = new WebSocket(address);
  socket = current;
  showState("connecting", "connecting");
  const when = (event, listener) => current.addEventListener(event, (happened) => current === socket && listener(happened));
  when("open", () => showState("open", "open"));
  when("message", ({ data }) => showFrame("received", data));
  when("close", ({ code }) => showState("closed", `closed (${code})`));
}

function showState(state, text) {
  byId("state").dataset.state = state;
  byId("state").textContent = text;
  for (const button of document.querySelectorAll("#requests button")) button.disabled = state !== "open";
}

/** A request without an id gets the next one. What is not a JSON object is sent as it is, to see what the server says to it. */
function withRequestId(text) {
  try {
    const request = JSON.parse(text);
    if (typeof request !== "object" || request === null || Array.isArray(request) || "request_id" in request) return text;
    lastRequestId += 1;
    const { action, ...rest } = request;
    return JSON.stringify({ action, request_id: lastRequestId, ...rest });
  } catch {
    return text;
  }
}

function send(text) {
  const frame = withRequestId(text);
  socket.send(frame);
  showFrame("sent", frame);
}

function showFrame(direction, text) {
  const entry = document.createElement("li");
  entry.className = direction;
  entry.append(frameHead(direction, text), element("pre", "", text));
  const frames = byId("frames");
  frames.prepend(entry);
  while (frames.children.length > FRAMES_KEPT) frames.lastElementChild.remove();
  byId("empty").hidden = true;
}

function frameHead(direction, text) {
  const head = element("div", "head", "");
  head.append(element("span", "direction", direction), element("time", "", new Date().toLocaleTimeString()));
  const status = statusOf(text);
  if (direction === "received" && status !== null) {
    const badge = element("span", "status", String(status));
    badge.dataset.kind = String(Math.floor(status / 100));
    head.append(badge);
  }
  return head;
}

function statusOf(text) {
  try {
    const status = JSON.parse(text).response_status;
    return typeof status === "number" ? status : null;
  } catch {
    return null;
  }
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}

function addRequest(request) {
  const form = document.createElement("form");
  const editor = document.createElement("textarea");
  editor.value = JSON.stringify(request).replaceAll(/([:,])(?=["{\d])/g, "$1 ");
  editor.rows = 1;
  editor.spellcheck = false;
  editor.autocapitalize = "off";
  editor.setAttribute("aria-label", `The ${request.action} request`);
  const button = element("button", "", request.action);
  form.append(editor, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(editor.value);
    showFramesOnNarrowScreen();
  });
  byId("requests").append(form);
  new ResizeObserver(() => fitToText(editor)).observe(form);
  editor.addEventListener("input", () => fitToText(editor));
}

function fitToText(editor) {
  editor.style.height = "auto";
  editor.style.height = `${editor.scrollHeight + editor.offsetHeight - editor.clientHeight}px`;
}

/** Where the frames lie below the requests, the answer would come out of sight. */
function showFramesOnNarrowScreen() {
  if (!matchMedia("(max-width: 48rem)").matches) return;
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  byId("frames-title").scrollIntoView({ behavior });
}

requests.forEach(addRequest);
byId("address").textContent = address;
byId("reconnect").addEventListener("click", connect);
byId("clear").addEventListener("click", () => {
  byId("frames").replaceChildren();
  byId("empty").hidden = false;
});
connect();
