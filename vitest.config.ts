import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));
const outside = ["**/node_modules/**", "**/.next/**", "**/.moim*/**", "e2e/**/*.spec.ts"];
const shared = {
  resolve: { alias: { "@": root.replace(/\/$/, "") } },
};

/** Which Node is good enough is decided in package.json; the SDK would say otherwise in every file. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };

export default defineConfig({
  ...shared,
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          env,
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...outside, "**/*.db.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          name: "db",
          env,
          include: ["**/*.db.test.ts"],
          exclude: outside,
          globalSetup: ["local/postgres/vitest-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
