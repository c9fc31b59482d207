/** Opens what the console lives on, once, and draws it. */
// First, since it fixes the order of the style layers for every file that follows.
import "./styles/main.css";
import { render } from "solid-js/web";
import { App } from "./App.tsx";
import { readablePath } from "./lib/readable_address.ts";
import { openServices } from "./open_services.ts";

const path = readablePath(location.pathname);
if (path !== location.pathname) history.replaceState(null, "", path + location.search + location.hash);

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no place for the console");
render(() => <App {...openServices()} />, root);
