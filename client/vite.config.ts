/** How the console is bundled. Nothing is inlined: the Content-Security-Policy allows only files of our own. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

const DEVELOPMENT_SERVER = "http://127.0.0.1:9528";
const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root,
  cacheDir: fileURLToPath(new URL("../node_modules/.vite", import.meta.url)),
  plugins: [solid()],
  experimental: {
    // Files name each other as seen from themselves: where the console lies is known to who serves its page.
    renderBuiltUrl: (filename, { hostType }) => hostType === "html" ? `/${filename}` : { relative: true },
  },
  build: {
    target: "es2023",
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  server: {
    fs: { allow: [fileURLToPath(new URL("..", import.meta.url))] },
    proxy: {
      "/download": DEVELOPMENT_SERVER,
      "/graphql": {
        target: DEVELOPMENT_SERVER,
        // Without this a stream whose server died would never end in the browser, and never be resumed.
        configure: (proxy: unknown) => endWithUpstream(proxy as ProxyEvents),
      },
    },
  },
});

interface ProxyEvents {
  on(
    event: "proxyRes",
    listener: (
      upstream: { on(event: "close", listener: () => void): void },
      request: unknown,
      response: { readonly writableEnded: boolean; destroy(): void },
    ) => void,
  ): void;
}

function endWithUpstream(proxy: ProxyEvents): void {
  proxy.on("proxyRes", (upstream, _request, response) => {
    upstream.on("close", () => {
      if (!response.writableEnded) response.destroy();
    });
  });
}
