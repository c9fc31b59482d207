/** Where the focus was when a dialog opened. One that no button of its own opens has nothing else to give it back to. */
export interface FocusReturn {
  readonly opened: () => void;
  readonly closed: (event: Event) => void;
}

export function createFocusReturn(page: Document): FocusReturn {
  let before: Element | null = null;
  return {
    opened: () => void (before = page.activeElement),
    closed: (event) => {
      // Prevented: something else has taken the focus meanwhile.
      if (before instanceof HTMLElement && !event.defaultPrevented) before.focus({ preventScroll: true });
      before = null;
    },
  };
}
