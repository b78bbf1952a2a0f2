import { Body, Container, Head, Heading, Hr, Html, Link, Preview, render, Section, Text } from "react-email";
import type { CSSProperties, ReactNode } from "react";
import type { Line, MailBody, Part } from "./body";

/** The HTML form. Styles are inline because mail programs drop the rest; the sheet below only adds what dark modes and phones need. */
export function htmlOf(body: MailBody, locale: string): Promise<string> {
  return render(<Page body={body} locale={locale} />);
}

const font = "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Apple SD Gothic Neo', 'Malgun Gothic', Roboto, Helvetica, Arial, sans-serif";
const ink = "#1c2327";
const muted = "#5a646a";
const line = "#e4e4de";
const accent = "#0b665e";

const sheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background: #14181a !important; }
  .card { background: #1d2224 !important; border-color: #343b3e !important; }
  .ink { color: #eceeee !important; }
  .muted { color: #a9b3b6 !important; }
  .accent { color: #6fd0c2 !important; }
  .line { border-color: #343b3e !important; }
  .plain { background: #1d2224 !important; color: #eceeee !important; border-color: #59656a !important; }
  .primary { background: #6fd0c2 !important; color: #10211f !important; border-color: #6fd0c2 !important; }
}
@media (max-width: 480px) {
  .page > table > tbody > tr > td { padding: 12px 8px !important; }
  .card > tbody > tr > td { padding: 24px 18px !important; }
}`;

const styles = {
  page: { margin: 0, padding: "32px 12px", background: "#f8f8f5", fontFamily: font },
  card: { maxWidth: 560, padding: "32px 32px 28px", background: "#ffffff", border: `1px solid ${line}`, borderRadius: 14 },
  kind: { margin: "0 0 6px", fontSize: 13, lineHeight: "18px", fontWeight: 600, color: accent },
  title: { margin: "0 0 8px", fontSize: 22, lineHeight: "29px", fontWeight: 650, color: ink, wordBreak: "break-word" },
  text: { margin: 0, fontSize: 15, lineHeight: "23px", color: ink, wordBreak: "break-word" },
  label: { margin: "0 0 2px", fontSize: 13, lineHeight: "18px", color: muted },
  link: { color: accent, textDecoration: "underline", wordBreak: "break-all" },
  part: { margin: "20px 0 0" },
  button: { display: "inline-block", margin: "6px 8px 2px 0", padding: "10px 20px", border: `1px solid ${accent}`, borderRadius: 9, fontSize: 15, lineHeight: "22px", fontWeight: 600, textDecoration: "none" },
  primary: { background: accent, color: "#ffffff" },
  plain: { background: "#ffffff", color: ink, borderColor: "#9aa3a7" },
  hr: { margin: "26px 0 16px", border: "none", borderTop: `1px solid ${line}` },
  footer: { margin: "0 0 6px", fontSize: 12.5, lineHeight: "18px", color: muted, wordBreak: "break-word" },
} satisfies Record<string, CSSProperties>;

function Page({ body, locale }: { body: MailBody; locale: string }) {
  return (
    <Html lang={locale}>
      <Head>
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{sheet}</style>
      </Head>
      <Body className="page" style={styles.page}>
        <Preview>{body.preview}</Preview>
        <Container className="card" style={styles.card}>
          <Text className="accent" style={styles.kind}>
            {body.kind}
          </Text>
          <Heading as="h1" className="ink" style={styles.title}>
            {body.title}
          </Heading>
          <Text className="ink" style={styles.text}>
            {body.lead}
          </Text>
          {body.parts.map((part, index) => (
            <Section key={index} style={styles.part}>
              <PartOf part={part} />
            </Section>
          ))}
          <Hr className="line" style={styles.hr} />
          {body.footer.map((line, index) => (
            <Text key={index} className="muted" style={styles.footer}>
              {typeof line === "string" ? (
                line
              ) : (
                <Link href={line.href} className="muted" style={{ color: muted, textDecoration: "underline" }}>
                  {line.text}
                </Link>
              )}
            </Text>
          ))}
        </Container>
      </Body>
    </Html>
  );
}

function PartOf({ part }: { part: Part }): ReactNode {
  switch (part.kind) {
    case "facts":
      return part.rows.map(({ label, lines }, index) => (
        <div key={label} style={index > 0 ? { marginTop: 14 } : undefined}>
          <Label>{label}</Label>
          {lines.map((one) => (
            <LineOf key={`${one.was ?? ""}${one.text}`} line={one} />
          ))}
        </div>
      ));
    case "prose":
      return (
        <>
          <Label>{part.label}</Label>
          <Text className="ink" style={{ ...styles.text, whiteSpace: "pre-wrap" }}>
            {part.text}
          </Text>
        </>
      );
    case "paragraph":
      return (
        <Text className="ink" style={{ ...styles.text, whiteSpace: "pre-wrap" }}>
          {part.text}
        </Text>
      );
    case "items":
      return (
        <>
          <Label>{part.label}</Label>
          {part.items.map(({ text, href, note }, index) => (
            <Text key={index} className="ink line" style={{ ...styles.text, padding: "8px 0", borderTop: index > 0 ? `1px solid ${line}` : "none" }}>
              <Link href={href} className="ink" style={{ color: ink, fontWeight: 600, textDecoration: "none" }}>
                {text}
              </Link>
              <span className="muted" style={{ display: "block", fontSize: 14, lineHeight: "20px", color: muted }}>
                {note}
              </span>
            </Text>
          ))}
        </>
      );
    case "people":
      return (
        <>
          <Label>{part.label}</Label>
          {part.people.map(({ name, note, quote }, index) => (
            <Text key={index} className="ink" style={styles.text}>
              {name}
              <span className="muted" style={{ color: muted }}>{` · ${note}`}</span>
              {quote && (
                <span className="muted line" style={{ display: "block", margin: "2px 0 6px", paddingLeft: 10, borderLeft: `2px solid ${line}`, color: muted }}>
                  {`“${quote}”`}
                </span>
              )}
            </Text>
          ))}
          {part.more && (
            <Text className="muted" style={{ ...styles.text, color: muted }}>
              {part.more}
            </Text>
          )}
        </>
      );
    case "buttons":
      return (
        <>
          {part.label && <Label>{part.label}</Label>}
          {part.buttons.map(({ label, href, primary }) => (
            <Link key={href} href={href} className={primary ? "primary" : "plain"} style={{ ...styles.button, ...(primary ? styles.primary : styles.plain) }}>
              {label}
            </Link>
          ))}
        </>
      );
    case "link":
      return (
        <Link href={part.href} className="accent" style={{ ...styles.link, fontSize: 15, wordBreak: "normal" }}>
          {part.label}
        </Link>
      );
    case "note":
      return (
        <Text className="muted" style={{ ...styles.text, fontSize: 14, color: muted }}>
          {part.text}
        </Text>
      );
  }
}

const Label = ({ children }: { children: ReactNode }) => (
  <Text className="muted" style={styles.label}>
    {children}
  </Text>
);

function LineOf({ line: { text, href, was } }: { line: Line }) {
  if (was) {
    return (
      <Text className="muted" style={{ ...styles.text, fontSize: 14, color: muted }}>
        {was} <s>{text}</s>
      </Text>
    );
  }
  return (
    <Text className="ink" style={styles.text}>
      {href ? (
        <Link href={href} className="accent" style={styles.link}>
          {text}
        </Link>
      ) : (
        text
      )}
    </Text>
  );
}
