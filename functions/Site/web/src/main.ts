import mark from "./assets/mark.svg";
import { credential, credentialName, type Role } from "./credentials";
import { h, replace } from "./dom";
import { addressOf, parseAddress, type ViewContext } from "./view";
import { balanceView } from "./views/balance";
import { overviewView } from "./views/overview";
import { policyView } from "./views/policy";
import { stackView } from "./views/stack";
import { stacksView } from "./views/stacks";
import { summaryView } from "./views/summary";
import { usageView } from "./views/usage";

interface View { name: string; title: string; needs?: Role; show: (context: ViewContext) => void }

function stacks(context: ViewContext): void {
  const [session] = context.path;
  if (session === "overview") overviewView(context);
  else if (session) stackView(context, session);
  else stacksView(context);
}

const views: View[] = [
  { name: "stacks", title: "My stacks", needs: "auth-token", show: stacks },
  { name: "usage", title: "Usage", needs: "operator-key", show: usageView },
  { name: "summary", title: "What is used", show: summaryView },
  { name: "policy", title: "What is collected", show: policyView },
  { name: "balance", title: "Balance", show: balanceView },
];

const main = h("main", { id: "main", tabindex: "-1" });
const links = views.map((view) => h("a", { href: `#/${view.name}` }, view.title));
const forget = h("div", { class: "signed-in" });

document.querySelector("#page")!.append(
  h("a", { class: "skip", href: "#main", click: (event) => { event.preventDefault(); main.focus(); } }, "Skip to the content"),
  h("header", {},
    h("div", { class: "bar-inner" },
      h("a", { class: "brand", href: "#/stacks" }, h("img", { src: mark, alt: "", width: "28", height: "28" }), h("span", {}, "LocalStack ", h("b", {}, "usage"))),
      h("nav", { "aria-label": "Views" }, ...links),
      forget)),
  main,
);

let current = new AbortController();

/** Shows the view named by the address: `#/stacks/<session>?status=failed`. */
function show(moved: boolean): void {
  current.abort();
  current = new AbortController();
  const { path: [name = "", ...path], query } = parseAddress(location.hash);
  const view = views.find((v) => v.name === name) ?? views[0]!;
  links.forEach((link, i) => {
    if (views[i] === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  document.title = `${view.title} · LocalStack usage`;
  const held = view.needs !== undefined && credential.get(view.needs) !== undefined ? view.needs : undefined;
  replace(forget, held && h("button", { type: "button", class: "quiet", click: () => { credential.forget(held); show(true); } }, `Forget the ${credentialName[held]}`));
  replace(main);
  view.show({
    main, path, query, signal: current.signal, redraw: () => show(true),
    remember: (choices) => history.replaceState(null, "", addressOf([view.name, ...path], choices)),
  });
  if (moved) {
    scrollTo(0, 0);
    const heading = main.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }
}

addEventListener("hashchange", () => show(true));
show(false);
