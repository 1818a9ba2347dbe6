import type { Days } from "../days";

/** The context of a part of the usage view: the API and the days. */
export interface UsageContext {
  days: Days;
  signal: AbortSignal;
  ask: <T>(route: string, parameters?: Record<string, string | number>) => Promise<T>;
  refused: (error: unknown) => boolean;
  /** Shows one service's operations. */
  open: (service: string) => void;
}
