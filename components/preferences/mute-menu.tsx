import { Bell, BellOff, Moon, Settings2 } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { buttonStyle } from "@/components/ui/button-style";
import { Form } from "@/components/ui/form";
import { Menu, MenuButton, MenuHeading, MenuLine, MenuLink } from "@/components/ui/menu";
import { muteAction } from "@/lib/notifications/preferences/actions";
import type { Interruptions } from "@/lib/notifications/preferences/queries";
import { clock } from "@/lib/platform/clock";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { interruptionWords } from "./interruption-words";

interface Props {
  organization: string;
  now: Interruptions;
  viewer: Viewer;
  side?: "below" | "above";
  align?: "start" | "end";
}

/** A bell that mutes in one tap, and says until when while it does. Forms inside a disclosure: it works before scripts. */
export async function MuteMenu({ organization, now, viewer, side, align = "end" }: Props) {
  const t = await getTranslations("preferences");
  const silence = interruptionWords(t, now, formatsFor(viewer), clock.now());
  const Icon = now.muted ? BellOff : silence ? Moon : Bell;
  return (
    <Menu
      label={silence ? `${t("mute.label")}. ${silence}` : t("mute.label")}
      side={side}
      align={align}
      buttonClassName={buttonStyle("ghost", "icon")}
      button={<Icon aria-hidden className="size-5" />}
    >
      <MuteItems organization={organization} now={now} viewer={viewer} />
    </Menu>
  );
}

/** A small sign on the reader's picture while e-mail and push are kept away. */
export async function SilenceMark({ now, viewer }: Pick<Props, "now" | "viewer">) {
  const t = await getTranslations("preferences");
  const silence = interruptionWords(t, now, formatsFor(viewer), clock.now());
  if (!silence) return null;
  const Icon = now.muted ? BellOff : Moon;
  return (
    <span className="absolute -right-1 -bottom-1 inline-flex size-4 items-center justify-center rounded-full border border-line bg-surface text-caution">
      <Icon aria-hidden className="size-2.5" />
      <span className="sr-only">{silence}</span>
    </span>
  );
}

/** The same choices inside a menu that holds others, too. */
export async function MuteItems({ organization, now, viewer }: Pick<Props, "organization" | "now" | "viewer">) {
  const t = await getTranslations("preferences");
  const action = muteAction.bind(null, organization);
  return (
    <>
      <MenuHeading>{interruptionWords(t, now, formatsFor(viewer), clock.now()) ?? t("mute.heading")}</MenuHeading>
      <Form action={action} className="gap-0!">
        {now.muted ? (
          <MenuButton type="submit" name="for" value="off">
            <Bell aria-hidden className="size-4 text-ink-muted" />
            {t("now.end")}
          </MenuButton>
        ) : (
          muteChoices.map((choice) => (
            <MenuButton key={choice} type="submit" name="for" value={choice}>
              <BellOff aria-hidden className="size-4 text-ink-muted" />
              {t(`mute.${choice}`)}
            </MenuButton>
          ))
        )}
      </Form>
      <MenuLine />
      <MenuLink href={`/${organization}/settings/notifications`}>
        <Settings2 aria-hidden className="size-4 text-ink-muted" />
        {t("mute.settings")}
      </MenuLink>
    </>
  );
}

const muteChoices = ["hour", "tomorrow"] as const;
