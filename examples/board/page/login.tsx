import { type FormEvent, useState } from "react";
import { Avatar } from "./avatar.tsx";
import type { Person } from "./client.ts";
import { Logo } from "./logo.tsx";
import { logIn } from "./session.ts";

const PEOPLE = [
  { username: "ada", name: "Ada Lovelace", color: "violet" },
  { username: "grace", name: "Grace Hopper", color: "teal" },
  { username: "alan", name: "Alan Turing", color: "amber" },
] as const;

export function Login({ onLogin }: { onLogin: (person: Person) => void }) {
  const [username, setUsername] = useState("ada");
  const [password, setPassword] = useState("board");
  const [problem, setProblem] = useState("");
  const [pending, setPending] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    try {
      onLogin(await logIn(username, password));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setPending(false);
    }
  };

  return (
    <main className="login">
      <form className="login-card" onSubmit={(event) => void submit(event)}>
        <Logo />
        <h1>Log in</h1>
        <p className="muted">A board that several people share. Choose who you are, and open another browser as somebody else.</p>
        <div className="login-people" role="group" aria-label="Who you are">
          {PEOPLE.map((person) => (
            <button
              key={person.username}
              type="button"
              className="login-person"
              aria-pressed={username === person.username}
              onClick={() => setUsername(person.username)}
            >
              <Avatar person={person} size="large" />
              <span>{person.name.split(" ")[0]}</span>
            </button>
          ))}
        </div>
        <label className="field">
          <span>Name</span>
          <input value={username} autoComplete="username" onChange={({ target }) => setUsername(target.value)} required />
        </label>
        <label className="field">
          <span>Password</span>
          <input
            type="password"
            value={password}
            autoComplete="current-password"
            onChange={({ target }) => setPassword(target.value)}
            required
          />
        </label>
        {problem !== "" && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button className="primary wide" disabled={pending}>
          {pending ? "Logging in" : "Log in"}
        </button>
      </form>
    </main>
  );
}
