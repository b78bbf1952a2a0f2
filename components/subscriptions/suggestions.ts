"use client";

import { useRef, useState } from "react";
import type { Suggestions } from "@/lib/integrations/subscriptions/suggestions/queries";

const nothing: Suggestions = { projects: [], issueTypes: [], statuses: [], labels: [], assignees: [] };

/** What a connection's filters can name, fetched when somebody is about to choose. What cannot be fetched can still be typed. */
export function useSuggestions(organization: string, connectionId: string | null) {
  const [state, setState] = useState<{ suggestions: Suggestions; loading: boolean }>({ suggestions: nothing, loading: false });
  const asked = useRef(false);
  const want = () => {
    if (asked.current || connectionId === null) return;
    asked.current = true;
    setState({ suggestions: nothing, loading: true });
    void fetch(`/api/subscriptions/suggestions?${new URLSearchParams({ connection: connectionId, organization })}`)
      .then(async (response) => (response.ok ? ((await response.json()) as Suggestions) : nothing))
      .catch(() => nothing)
      .then((suggestions) => setState({ suggestions, loading: false }));
  };
  return { ...state, want };
}
