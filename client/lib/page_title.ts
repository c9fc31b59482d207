/** What the page is called, in the header and in the browser's tab. Each page says it; the header shows it. */
import { type Accessor, createContext, createEffect, createSignal, onCleanup, useContext } from "solid-js";

export interface Crumb {
  readonly label: string;
  /** Where it leads; none for the page itself. */
  readonly href?: string;
}

export interface PageTitle {
  readonly crumbs: Accessor<readonly Crumb[]>;
  readonly set: (crumbs: readonly Crumb[]) => void;
}

const PageTitleContext = createContext<PageTitle>();
export const PageTitleProvider = PageTitleContext.Provider;

export function createPageTitle(page: Document): PageTitle {
  const [crumbs, set] = createSignal<readonly Crumb[]>([]);
  createEffect(() => {
    const last = crumbs().at(-1);
    page.title = last === undefined ? "Orrery" : `${last.label} · Orrery`;
  });
  return { crumbs, set };
}

export function usePageTitle(): PageTitle {
  const title = useContext(PageTitleContext);
  if (title === undefined) throw new Error("The page's title is used outside its provider");
  return title;
}

/** Calls the page so while the calling owner lives. */
export function titled(crumbs: () => readonly Crumb[]): void {
  const title = usePageTitle();
  createEffect(() => title.set(crumbs()));
  onCleanup(() => title.set([]));
}
