import { answerAuth } from "@/lib/platform/auth/next-auth";
import { route } from "@/lib/platform/route";

const handler = route<{ nextauth: string[] }>((request, { nextauth }) => answerAuth(request, nextauth));

export { handler as GET, handler as POST };
