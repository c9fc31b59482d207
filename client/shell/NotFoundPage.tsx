import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Blank } from "../ui/faces.tsx";
import { titled } from "./page_title.ts";

export default function NotFoundPage(): JSX.Element {
  const t = useTexts();
  titled(() => [{ label: "404" }]);
  return (
    <Blank title={t("notFound.title")} text={t("notFound.text")}>
      <A class="button primary" href="/containers">{t("notFound.back")}</A>
    </Blank>
  );
}
