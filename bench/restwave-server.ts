import "./control-server.ts";
