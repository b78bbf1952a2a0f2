import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

// Nothing about whoever runs this leaves their machine.
process.env.NEXT_TELEMETRY_DISABLED = "1";

/** Headers that never depend on the request; the content security policy does, and is set in `proxy.ts`. */
const constantHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "X-Frame-Options", value: "DENY" },
];

const config: NextConfig = {
  // Two instances on one checkout (development beside tests) must not write into each other's build.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  // Types are a gate of `npm test`, tests and tools included; a start on a fresh machine need not wait for them.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  agentRules: false,
  serverExternalPackages: ["@aws-sdk/s3-request-presigner", "pino", "postgres", "prom-client", "pusher", "undici", "web-push"],
  // Development is opened as both localhost and 127.0.0.1; the engines print the latter.
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  headers: async () => [{ source: "/:path*", headers: constantHeaders }],
};

export default createNextIntlPlugin("./lib/platform/i18n/request.ts")(config);
