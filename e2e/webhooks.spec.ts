import { expectAccessible, expectNoOverflow } from "./support/axe";
import { startReceiver } from "./support/receiver";
import { expect, test } from "./support/test";
import { unique } from "./support/unique";

test.skip(!process.env.E2E_RECEIVER_PORT, "the instance was not started for it: npm test -- e2e");

test("an admin adds a webhook, is refused a private address, and sees a signed test arrive and its attempt", async ({ team, pageOf }) => {
  const receiver = await startReceiver();
  try {
    const page = await pageOf(team.ada);
    const name = unique("Doorbell");
    await page.goto(`/${team.slug}/settings/webhooks/new`);
    await page.getByLabel("Name").fill(name);
    const address = page.getByLabel("Address");
    await address.fill("https://[::ffff:127.0.0.1]/hook");
    await page.getByRole("button", { name: "Add the webhook" }).click();
    await expect(page.getByText("This address leads into a private network.")).toBeVisible();
    await expect(page.getByLabel("Name")).toHaveValue(name);

    await address.fill(receiver.url);
    await page.getByRole("button", { name: "Add the webhook" }).click();
    const secret = page.getByTestId("endpoint-secret");
    await expect(secret).toHaveText(/^whsec_/);
    receiver.believe((await secret.textContent()) ?? "");
    await expectAccessible(page);

    await page.getByRole("button", { name: `Send a test event to ${name}` }).click();
    await expect.poll(() => receiver.got.length, { timeout: 20_000 }).toBe(1);
    expect(receiver.got[0]).toMatchObject({ genuine: true, body: { type: "endpoint.test", sequence: 1, data: { test: true } } });
    await expect(page.getByText("Answered HTTP 204")).toBeVisible({ timeout: 15_000 });
    await page.getByText("Request and response of attempt 1").click();
    await expect(page.getByText(`webhook-id: ${receiver.got[0]?.id ?? ""}`)).toBeVisible();
    await page.setViewportSize({ width: 360, height: 780 });
    await page.emulateMedia({ colorScheme: "dark" });
    await expectNoOverflow(page);
    await expectAccessible(page);

    await page.getByRole("link", { name }).click();
    await expect(page.getByRole("link", { name: "endpoint.test" })).toBeVisible();
    await page.getByRole("button", { name: `Pause ${name}` }).click();
    await expect(page.getByText("Nothing waits so far.")).toBeVisible();
    await expectNoOverflow(page);
    await page.goto(`/${team.slug}/settings/webhooks`);
    await expect(page.getByRole("listitem").filter({ hasText: name })).toContainText("Paused");
    await expectNoOverflow(page);
  } finally {
    await receiver.stop();
  }
});
