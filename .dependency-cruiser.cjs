// The import rules of the house, numbered as in README.md. local/test/architecture.test.ts proves that each one bites.

/** Tests may reach for the world they need; the rules are about the product. */
const test = "\\.(test|spec)\\.tsx?$";
const typesAside = { dependencyTypesNot: ["type-only"] };
/** Route handlers, and what lies beside them under app/api. */
const route = ["^app/(api|webhook|oauth)/", "^app/.+/route\\.tsx?$"];
const domain = "^lib/(?!platform/)[^/]+/";

/** A file of a domain, at any depth, with one of these names. @param {string[]} names */
const words = (...names) => `^lib/(?!platform/).+/(${names.join("|")})\\.tsx?$`;

/** An npm package, resolved or not. @param {string[]} names */
const packages = (...names) => `(^|node_modules/)(${names.join("|")})(/|$)`;

/**
 * A package that only one file (or folder) of the product may import.
 * @param {string} name
 * @param {string} owner
 */
const vendor = (name, owner) => ({
  name: `6-only-its-owner-imports-${name}`,
  comment: "One file per vendor client: what answers behind it can change in one place.",
  severity: "error",
  from: { path: "^(app|components|lib|inngest|proxy|instrumentation)", pathNot: [owner, test] },
  to: { path: packages(name), ...typesAside },
});

module.exports = {
  forbidden: [
    {
      name: "1-pages-call-what-authorizes",
      comment: "Pages: actor, queries, actions, inputs, components.",
      severity: "error",
      from: { path: "^app/", pathNot: [...route, test] },
      to: { path: domain, pathNot: words("actor", "queries", "actions", "inputs"), ...typesAside },
    },
    {
      name: "1-routes-call-commands-and-queries",
      comment: "Route handlers: queries, commands, actor, inputs; and mappings, which give an answer its public form.",
      severity: "error",
      from: { path: route, pathNot: test },
      to: { path: domain, pathNot: words("actor", "queries", "commands", "inputs", "mappings"), ...typesAside },
    },
    {
      name: "1-app-touches-no-tables",
      comment: "Neither pages nor routes touch tables, not even as types.",
      severity: "error",
      from: { path: "^app/", pathNot: test },
      to: { path: "^lib/.+/tables\\.ts$" },
    },
    {
      name: "2-components-use-actions-and-inputs",
      comment: "Components: actions and inputs as values, otherwise types only.",
      severity: "error",
      from: { path: "^components/", pathNot: test },
      to: { path: domain, pathNot: words("actions", "inputs"), ...typesAside },
    },
    {
      name: "2-ui-knows-no-domain",
      severity: "error",
      from: { path: "^components/ui/", pathNot: test },
      to: { path: [domain, "^components/(?!ui/)", "^(app|inngest)/"] },
    },
    {
      name: "3-functions-load-call-record",
      comment: "inngest/: commands, queries, events, registry. Never actions, policy, tables.",
      severity: "error",
      from: { path: "^inngest/", pathNot: test },
      to: { path: domain, pathNot: words("commands", "queries", "events", "registry"), ...typesAside },
    },
    {
      name: "4-a-domain-keeps-to-itself",
      comment: "A domain: itself, the platform, organizations/{actor,audit,tables}. Work across domains belongs to inngest/ or app/.",
      severity: "error",
      from: { path: "^lib/(?!platform/|notifications/|integrations/)([^/]+)/", pathNot: test },
      to: {
        path: "^(lib|app|components|inngest)/",
        pathNot: ["^lib/$1/", "^lib/platform/", "^lib/organizations/(actor|audit|tables)\\.ts$"],
      },
    },
    {
      name: "4-notifications-and-integrations-hear-events",
      comment: "As any domain, plus the events of the others.",
      severity: "error",
      from: { path: "^lib/(notifications|integrations)/", pathNot: test },
      to: {
        path: "^(lib|app|components|inngest)/",
        pathNot: ["^lib/$1/", "^lib/platform/", "^lib/organizations/(actor|audit|tables)\\.ts$", words("events")],
      },
    },
    {
      name: "5-the-platform-stands-alone",
      severity: "error",
      from: { path: "^lib/platform/", pathNot: test },
      to: { path: "^(lib|app|components|inngest)/", pathNot: "^lib/platform/" },
    },
    {
      name: "5-policy-rules-and-mappings-are-pure",
      comment: "No database, no clock, no network: they can be tested with values alone. A row's shape (tables) is a value too.",
      severity: "error",
      from: { path: words("policy", "rules", "mappings") },
      to: {
        path: [
          "^lib/platform/(db|auth|outbox|idempotency)/",
          "^lib/platform/(action|cache|clock|env|log|mail|rate-limit|realtime|route|safe-fetch|push|storage)\\.ts$",
          words("queries", "commands", "actions"),
          packages("drizzle-orm", "postgres", "undici", "inngest", "resend", "pusher", "next"),
          "^(node:)?(fs|http|https|net|tls|dns|child_process)(/|$)",
        ],
        ...typesAside,
      },
    },
    {
      name: "6-drizzle-only-beside-the-data",
      comment: "drizzle only in tables, queries, commands, the platform, and actor.ts, which looks members up.",
      severity: "error",
      from: {
        path: "^(app|components|lib|inngest)/",
        pathNot: ["^lib/platform/", words("tables", "queries", "commands", "actor", "testing"), test],
      },
      to: { path: packages("drizzle-orm"), ...typesAside },
    },
    vendor("postgres", "^lib/platform/db/"),
    vendor("resend", "^lib/platform/mail\\.ts$"),
    vendor("pusher", "^lib/platform/realtime\\.ts$"),
    vendor("web-push", "^lib/platform/push\\.ts$"),
    vendor("@aws-sdk", "^lib/platform/storage\\.ts$"),
    vendor("undici", "^lib/platform/safe-fetch\\.ts$"),
    vendor("inngest", "^(inngest/|app/api/(inngest|health)/route\\.ts$|instrumentation\\.ts$)"),
    {
      name: "7-nobody-imports-engines-or-tests",
      comment: "Which server answers is configuration; the product cannot tell a local engine from a hosted one.",
      severity: "error",
      from: { path: "^(app|components|lib|inngest|proxy|instrumentation)", pathNot: test },
      to: { path: ["^(local|e2e|bench)/", test] },
    },
    {
      name: "7-engines-know-no-application",
      comment: "The engines serve any application through its official clients.",
      severity: "error",
      from: { path: "^local/(inngest|pusher|mail|push|postgres|atlassian|storage)/", pathNot: test },
      to: { path: "^(app|components|lib|inngest|e2e|bench)/" },
    },
    {
      name: "7-no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: typesAside },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(\\.next|\\.moim[^/]*)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: "specify",
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
    skipAnalysisNotInRules: true,
  },
};
