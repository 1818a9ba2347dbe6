import type { Days } from "../days";

/** What a part of the usage view needs: whom to ask, and for which days. */
export interface UsageContext {
  days: Days;
  signal: AbortSignal;
  ask: <T>(route: string, parameters?: Record<string, string | number>) => Promise<T>;
  refused: (error: unknown) => boolean;
  /** Shows one service's operations. */
  open: (service: string) => void;
}
