/** Opens what the console lives on, once, and draws it. */
import { render } from "solid-js/web";
import { App } from "./App.tsx";
import { openServices } from "./open_services.ts";
import "./styles/main.css";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no place for the console");
render(() => <App {...openServices()} />, root);
