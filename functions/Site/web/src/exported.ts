/** Joins the pages of an export into one document. */

export interface ExportedSession { session_id: string; item?: object; counters?: object[]; calls: object[] }
export interface ExportPage { track_events?: boolean; activations?: object[]; activation_counters?: object[]; sessions: ExportedSession[]; cursor?: string }
export type Exported = Omit<ExportPage, "cursor">;

/** Reads all pages, and joins the parts of a session that continues on several pages. */
export async function gather(ask: (cursor: string | undefined) => Promise<ExportPage>, tell: (sessions: number) => void): Promise<Exported> {
  const { cursor: second, ...all } = await ask(undefined);
  for (let cursor = second; cursor !== undefined;) {
    const page = await ask(cursor);
    for (const session of page.sessions) {
      const last = all.sessions.at(-1);
      if (last?.session_id === session.session_id) last.calls.push(...session.calls);
      else all.sessions.push(session);
    }
    tell(all.sessions.length);
    cursor = page.cursor;
  }
  return all;
}
