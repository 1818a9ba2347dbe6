/** A user agent in short: `aws-cli/2.15.30 Python/3.11.8 …` is `aws-cli 2.15`. What has no version keeps its first word. */
export function shortAgent(agent: string): string {
  const words = agent.split(/\s+/);
  const at = words.findIndex((word) => /^[^/]+\/v?\d/.test(word));
  if (at < 0) return words[0] ?? "";
  const [name = "", version = ""] = words[at]!.split("/");
  return [...words.slice(0, at), name, /^v?\d+(\.\d+)?/.exec(version)?.[0]].filter(Boolean).join(" ");
}
