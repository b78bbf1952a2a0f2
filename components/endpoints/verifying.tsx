import { getTranslations } from "next-intl/server";
import { Code } from "./code";

const example = `import { createHmac, timingSafeEqual } from "node:crypto";

// body: the raw bytes of the request, before anything parses them
export function isGenuine(headers, body, secret) {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(\`\${id}.\${timestamp}.\${body}\`).digest();
  return headers["webhook-signature"].split(" ").some((part) => {
    const [version, signature = ""] = part.split(",");
    const given = Buffer.from(signature, "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}`;

/** How a receiver knows that a delivery is genuine, in the fewest lines that are right. */
export async function Verifying() {
  const t = await getTranslations("endpoints.verify");
  return (
    <details className="text-sm">
      <summary className="inline-flex min-h-8 cursor-pointer items-center font-medium">{t("title")}</summary>
      <p className="mt-1 text-ink-muted">{t("lead")}</p>
      <Code label={t("title")} text={example} />
      <p className="mt-2 text-ink-muted">{t("answer")}</p>
    </details>
  );
}
