import { Laptop, Smartphone } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { Moment } from "@/components/settings/moment";
import { Badge } from "@/components/ui/badge";
import { revokeDeviceAction } from "@/lib/notifications/devices/actions";
import type { DeviceSummary } from "@/lib/notifications/devices/queries";
import type { Viewer } from "@/lib/platform/i18n/formats";
import { PlaceDeviceForm, RenameDeviceForm } from "./device-forms";

interface Props {
  organization: { id: string; slug: string };
  devices: DeviceSummary[];
  thisDevice: string | null;
  workspaces: { id: string; name: string }[];
  viewer: Viewer;
}

/** A device that stands in another organization can be removed from here, and changed there. */
export async function DeviceList({ organization, devices, thisDevice, workspaces, viewer }: Props) {
  const t = await getTranslations("preferences.devices");
  return (
    <ul className="divide-y divide-line border-t border-line empty:hidden">
      {devices.map((device) => {
        const Icon = device.kind === "fcm" ? Smartphone : Laptop;
        const isHere = device.organizationId === organization.id;
        return (
          <li key={device.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
            <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-ink-faint" />
            <div className="min-w-0 flex-1 basis-52">
              <p className="flex flex-wrap items-center gap-2 font-medium">
                <span className="min-w-0 break-words">{device.name}</span>
                {device.id === thisDevice && <Badge tone="accent">{t("thisDevice")}</Badge>}
              </p>
              <p className="text-sm text-ink-muted">
                {t(`kinds.${device.kind}`)} · {t.rich("lastSeen", { when: () => <Moment at={device.lastSeenAt} viewer={viewer} /> })}
              </p>
              {isHere ? (
                <div className="mt-2">
                  <PlaceDeviceForm organization={organization.slug} device={device} workspaces={workspaces} />
                </div>
              ) : (
                <p className="text-sm text-ink-muted">{t("elsewhere", { organization: device.organizationName })}</p>
              )}
            </div>
            <div className="flex flex-wrap items-start gap-1">
              {isHere && <RenameDeviceForm organization={organization.slug} device={device} />}
              <ConfirmedForm
                action={revokeDeviceAction.bind(null, organization.slug)}
                values={{ deviceId: device.id }}
                question={t("revokeConfirm", { name: device.name })}
                aria-label={t("revokeNamed", { name: device.name })}
              >
                {t("revoke")}
              </ConfirmedForm>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
