/**
 * Converts a command line to the event that its client sends. Clients send only the names of options. Here each option keeps its value as typed, so
 * that the preview shows what the collector would strip.
 */
export function eventOf(commandLine: string): object | undefined {
  const words = commandLine.trim().replace(/^\$\s+/, "").split(/\s+/);
  const program = words[0]?.split("/").at(-1);
  const first = words.findIndex((word) => word.startsWith("-"));
  const path = first < 0 ? words : words.slice(0, first);
  const options = words.filter((word) => word.startsWith("-"));
  if (program === "localstack") return { name: "cli_cmd", payload: { cmd: [program, ...path.slice(1)].join(" "), params: options } };
  if (program !== "lstk") return undefined;
  const [command = "", ...subcommand] = path.slice(1);
  return {
    name: "lstk_command",
    payload: { parameters: { command, ...(subcommand.length > 0 ? { subcommand: subcommand.join(" ") } : {}), flags: options } },
  };
}

/**
 * Converts typed text to a request body: a list of events becomes a request, other JSON stays unchanged, and a command line becomes its
 * event. Throws an Error that says what to correct.
 */
export function bodyOf(typed: string): string {
  const text = typed.trim();
  if (text === "") throw new Error("Paste an event, a request or a command line first.");
  if (text.startsWith("{") || text.startsWith("[")) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new Error(`This is not JSON: ${error instanceof Error ? error.message : "it ends early"}`);
    }
    return Array.isArray(value) ? `{"events":${text}}` : text;
  }
  const event = eventOf(text);
  if (event === undefined) throw new Error("This is neither JSON nor a command line of localstack or lstk.");
  return JSON.stringify(event);
}

/** The value at a rule's path (`payload.api_calls[].service`) in a pasted event; undefined when there is none. */
export function valueAt(event: unknown, path: string, entry: number | undefined): unknown {
  let at: unknown = event;
  for (const part of path.split(".")) {
    if (typeof at !== "object" || at === null) return undefined;
    const name = part.endsWith("[]") ? part.slice(0, -2) : part;
    at = Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined;
    if (part.endsWith("[]")) at = Array.isArray(at) && entry !== undefined ? at[entry] : undefined;
  }
  return at;
}
