import type { MetadataRoute } from "next";

/** Lets the app be put on a Home Screen, which is what iPhones ask for before they show notifications. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: "/",
    name: "Moim",
    short_name: "Moim",
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: "#fbfaf8",
    theme_color: "#0b665d",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  };
}
