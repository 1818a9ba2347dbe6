import { h } from "./dom";

/** Who asks: the owner of an auth token, or who runs the collector. */
export type Role = "auth-token" | "operator-key";

export const credentialName: Record<Role, string> = { "auth-token": "auth token", "operator-key": "operator key" };

/** Kept in this tab's session storage: gone with the tab, never in a cookie, an address or a log. */
export const credential = {
  get: (role: Role): string | undefined => sessionStorage.getItem(role) ?? undefined,
  set: (role: Role, value: string): void => sessionStorage.setItem(role, value),
  forget: (role: Role): void => sessionStorage.removeItem(role),
};

const explanations: Record<Role, { title: string; what: string; where: string }> = {
  "auth-token": {
    title: "Sign in with your auth token",
    what: "Your stacks are filed under a fingerprint of the auth token that LocalStack runs with. Type that token to see them.",
    where: "It is the value of LOCALSTACK_AUTH_TOKEN (or the older LOCALSTACK_API_KEY) in the environment of your LocalStack.",
  },
  "operator-key": {
    title: "Sign in with the operator key",
    what: "Usage over all clients is shown to those who run this collector.",
    where: "The deployment made the key: it is the secret OperatorKey of its stack. Started with infra/run.sh, it is OPERATOR_KEY, or “operator”.",
  },
};

/** The form that asks for a credential, once. */
export function signIn(role: Role, wrong: string | undefined, done: () => void): HTMLElement {
  const { title, what, where } = explanations[role];
  const name = credentialName[role];
  const error = h("p", { id: "credential-error", class: "field-error", role: "alert" }, wrong);
  const input = h("input", {
    id: "credential", type: "password", name: "credential", autocomplete: "off", spellcheck: "false", autocapitalize: "off", required: true,
    "aria-describedby": "credential-error credential-help", "aria-invalid": wrong ? "true" : undefined,
  });
  return h("section", { class: "sign-in", "aria-labelledby": "sign-in" },
    h("h2", { id: "sign-in" }, title),
    h("p", {}, what),
    h("form", {
      novalidate: true,
      submit: (event) => {
        event.preventDefault();
        // What a header may hold; anything else was not copied whole.
        const value = input.value.trim();
        if (/^[\x21-\x7e]{1,256}$/.test(value)) {
          credential.set(role, value);
          done();
        } else {
          error.textContent = value === "" ? `Type the ${name} first.` : `That is no ${name}: it has no spaces and only plain letters, digits and signs.`;
          input.setAttribute("aria-invalid", "true");
          input.focus();
        }
      },
    },
    h("label", { for: "credential" }, name[0]!.toUpperCase() + name.slice(1)),
    h("div", { class: "field" }, input, h("button", { class: "primary" }, "Show")),
    error),
    h("p", { id: "credential-help", class: "note" }, where),
    h("p", { class: "note" }, "It stays in this tab, goes to this collector only, as a header, and is forgotten with the tab or with one click."));
}
