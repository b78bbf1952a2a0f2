import { getTranslations } from "next-intl/server";
import { Button } from "@/components/ui/button";
import { signOutHereAction } from "@/lib/notifications/devices/actions";

export async function SignOutForm() {
  const t = await getTranslations("auth");
  return (
    <form action={signOutHereAction}>
      <Button type="submit" variant="ghost" size="sm">
        {t("signOut")}
      </Button>
    </form>
  );
}
