/** What an address leads to that shows nothing: what was not there, and the ways on. */
import { A, useLocation } from "@solidjs/router";
import type { JSX } from "solid-js";
import { titled } from "../lib/page_title.ts";
import { usePalette } from "../lib/palette_switch.ts";
import { useTexts } from "../lib/services.ts";
import { Blank } from "./faces.tsx";
import { SearchIcon } from "./icons.ts";

/** Longer addresses are cut. */
const PATH_CHARACTERS = 80;

export default function NotFoundPage(): JSX.Element {
  return <NotFound what="page" />;
}

export function NotFound(props: { readonly what: "page" | "container" | "project" | "run" }): JSX.Element {
  const t = useTexts();
  const location = useLocation();
  const palette = usePalette();
  titled(() => [{ label: "404" }]);
  const path = (): string =>
    location.pathname.length > PATH_CHARACTERS
      ? `${location.pathname.slice(0, PATH_CHARACTERS)}…`
      : location.pathname;
  const text = (): string => props.what === "page" ? t("notFound.page", path()) : t(`notFound.${props.what}`);
  return (
    <Blank title={t("notFound.title")} text={text()}>
      <button type="button" class="button primary" onClick={() => palette.open()}>
        <SearchIcon size={14} />
        {t("notFound.search")}
      </button>
      <A class="button" href="/containers">{t("notFound.back")}</A>
      <A class="button" href="/runs">{t("notFound.runs")}</A>
      <A class="button" href="/">{t("notFound.overview")}</A>
    </Blank>
  );
}
