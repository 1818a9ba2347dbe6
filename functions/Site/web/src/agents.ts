/** Shortens a user agent: `aws-cli/2.15.30 Python/3.11.8 …` becomes `aws-cli 2.15`. Without a version only the first word is kept. */
export function shortAgent(agent: string): string {
  const words = agent.split(/\s+/);
  const at = words.findIndex((word) => /^[^/]+\/v?\d/.test(word));
  if (at < 0) return words[0] ?? "";
  const [name = "", version = ""] = words[at]!.split("/");
  return [...words.slice(0, at), name, /^v?\d+(\.\d+)?/.exec(version)?.[0]].filter(Boolean).join(" ");
}
