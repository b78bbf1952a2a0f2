import { When } from "@/components/ui/when";
import { clock } from "@/lib/platform/clock";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";

/** How long ago or ahead something is, as the reader counts time. */
export function Moment({ at, viewer }: { at: Date; viewer: Viewer }) {
  const formats = formatsFor(viewer);
  return (
    <When at={at} exact={formats.exact(at)}>
      {formats.relative(at, clock.now())}
    </When>
  );
}
