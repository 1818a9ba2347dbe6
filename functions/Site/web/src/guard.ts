import { ApiError } from "./api";
import { credential, credentialName, signIn, type Role } from "./credentials";
import { h, replace, type Child } from "./dom";
import type { ViewContext } from "./view";

/** Draws a view that needs a credential. Asks for the credential first, and again when the collector refuses it. */
export function guarded(context: ViewContext, role: Role, heading: Child[], draw: (token: string, refused: (error: unknown) => boolean) => void): void {
  const ask = (wrong?: string) => {
    replace(context.main, ...heading, signIn(role, wrong, context.redraw));
    if (wrong) context.main.querySelector("input")?.focus();
  };
  const token = credential.get(role);
  if (token === undefined) { ask(); return; }
  let refusedOnce = false;
  draw(token, (error) => {
    if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 403)) return false;
    // Several parts of a view may be refused at the same time, but only one form is shown.
    if (!refusedOnce) {
      refusedOnce = true;
      credential.forget(role);
      document.querySelector(".signed-in")?.replaceChildren();
      ask(`The collector does not accept this ${credentialName[role]}. Type it again, and check that it is complete.`);
    }
    return true;
  });
}

export const title = (text: string, ...lead: Child[]): Child[] => [h("h1", {}, text), lead.length > 0 && h("p", { class: "lead" }, ...lead)];
