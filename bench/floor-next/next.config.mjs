// The least that Next can do, so that what our code adds can be told from what the framework costs.
const config = {
  poweredByHeader: false,
  devIndicators: false,
  agentRules: false,
  serverExternalPackages: ["postgres"],
  // It is built in a folder of its own inside the checkout, whose packages it shares.
  turbopack: { root: process.env.FLOOR_PACKAGES },
};

export default config;
