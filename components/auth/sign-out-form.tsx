import { getTranslations } from "next-intl/server";
import { SignOut } from "@/components/preferences/sign-out";
import { Button } from "@/components/ui/button";

export async function SignOutForm() {
  const t = await getTranslations("auth");
  return (
    <SignOut>
      <Button type="submit" variant="ghost" size="sm">
        {t("signOut")}
      </Button>
    </SignOut>
  );
}
