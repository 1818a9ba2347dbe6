import { h } from "./dom";

/** The owner of an auth token, or the collector's operator. */
export type Role = "auth-token" | "operator-key";

export const credentialName: Record<Role, string> = { "auth-token": "auth token", "operator-key": "operator key" };

/** Credentials are kept in the tab's session storage until the tab is closed, and never in a cookie, an address or a log. */
export const credential = {
  get: (role: Role): string | undefined => sessionStorage.getItem(role) ?? undefined,
  set: (role: Role, value: string): void => sessionStorage.setItem(role, value),
  forget: (role: Role): void => sessionStorage.removeItem(role),
};

const explanations: Record<Role, { title: string; what: string; where: string }> = {
  "auth-token": {
    title: "Sign in with your auth token",
    what: "Your stacks are stored under a fingerprint of the auth token that LocalStack uses. Type that token to see them.",
    where: "The token is the value of LOCALSTACK_AUTH_TOKEN (or the older LOCALSTACK_API_KEY) in LocalStack’s environment.",
  },
  "operator-key": {
    title: "Sign in with the operator key",
    what: "Only the operator of this collector can see the usage of all clients.",
    where: "A deployment generates the key: it is the secret OperatorKey of the CloudFormation stack. With infra/run.sh, the key is OPERATOR_KEY, or “operator” if that is not set.",
  },
};

/** A form that asks for a credential. */
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
        // A header can contain only these characters. Text with others is not a complete credential.
        const value = input.value.trim();
        if (/^[\x21-\x7e]{1,256}$/.test(value)) {
          credential.set(role, value);
          done();
        } else {
          error.textContent = value === "" ? `Type the ${name} first.` : `This is not an ${name}. It must contain only plain letters, digits and symbols, and no spaces.`;
          input.setAttribute("aria-invalid", "true");
          input.focus();
        }
      },
    },
    h("label", { for: "credential" }, name[0]!.toUpperCase() + name.slice(1)),
    h("div", { class: "field" }, input, h("button", { class: "primary" }, "Show")),
    error),
    h("p", { id: "credential-help", class: "note" }, where),
    h("p", { class: "note" }, `The ${name} stays in this tab and is sent only to this collector, in a header. It is forgotten when you close the tab or click “Forget the ${name}”.`));
}
