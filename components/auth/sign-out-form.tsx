import { getTranslations } from "next-intl/server";
import { Button } from "@/components/ui/button";
import { signOutAction } from "@/lib/platform/auth/actions";

export async function SignOutForm() {
  const t = await getTranslations("auth");
  return (
    <form action={signOutAction}>
      <Button type="submit" variant="ghost" size="sm">
        {t("signOut")}
      </Button>
    </form>
  );
}
